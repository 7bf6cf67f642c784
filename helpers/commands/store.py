"""`./run store NOTEBOOK ...`: execute notebooks and keep their outputs in them.

What is stored comes from the drawn stand-ins and from photographs that packages ship, never from
photographs on this machine: a stored notebook may be published.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers.commands.execute import execute

_WIDGET = "application/vnd.jupyter.widget-view+json"
_OFFLINE = "http://127.0.0.1:9"  # a port where nothing answers


def main(arguments: Sequence[str]) -> int:
    """Execute each notebook with its default parameters, in place. Returns the exit code."""
    options = argparse.ArgumentParser(prog="./run store", description=__doc__)
    options.add_argument("notebooks", nargs="+", type=Path)
    for notebook in options.parse_args(arguments).notebooks:
        store(notebook)
        print(notebook)
    return 0


def store(notebook: Path) -> None:
    """Execute one notebook without mirror, internet or photographs; write its outputs into it.

    A notebook that fails is left as it was. Raises CourseError as `execute` does.
    """
    import nbformat

    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("COURSE_MIRROR", None)
        os.environ |= {"COURSE_DATA": folder, "HTTP_PROXY": _OFFLINE, "HTTPS_PROXY": _OFFLINE}
        try:
            executed = execute(notebook, {}, Path(folder) / notebook.name)
            result = nbformat.read(executed, as_version=4)
        finally:
            os.environ.clear()
            os.environ.update(before)
    result.metadata.pop("papermill", None)
    result.metadata.pop("widgets", None)
    for number, cell in enumerate(result.cells):
        cell.id = f"cell-{number:03}"
        for name in ("papermill", "execution", "collapsed"):
            cell.metadata.pop(name, None)
        if cell.cell_type == "code":  # progress bars and buttons live only as long as their kernel
            cell.outputs = [o for o in cell.outputs if _WIDGET not in o.get("data", {})]
    nbformat.write(result, notebook)
