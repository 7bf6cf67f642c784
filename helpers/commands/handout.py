"""`./run handout`: each notebook for students, and for the instructor.

Students get it without outputs and without answers; the instructor gets all there is.
"""

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers import lessons
from helpers.files import replacing
from helpers.paths import data_folder


def main(arguments: Sequence[str]) -> int:
    """Write two versions of each notebook. Returns the exit code."""
    options = argparse.ArgumentParser(prog="./run handout", description=__doc__)
    options.add_argument("notebooks", nargs="*", type=Path, help="by default every lesson notebook")
    options.add_argument("-o", "--output", type=Path, help="the folder (data/handouts)")
    asked = options.parse_args(arguments)
    folder = asked.output or data_folder() / "handouts"
    for notebook in asked.notebooks or lessons.notebooks():
        for path in write(notebook, folder):
            print(path)
    return 0


def write(notebook: Path, folder: Path) -> tuple[Path, Path]:
    """Write `student/NAME.ipynb` and `instructor/NAME.ipynb`. Returns their paths."""
    import nbformat

    whole = lessons.read(notebook)
    if not any(cell.get("outputs") for cell in whole.cells):
        print(f"{notebook.name} has no outputs yet: ./run store {notebook}", file=sys.stderr)
    versions = {"student": for_students(whole), "instructor": whole}
    paths = []
    for version, content in versions.items():
        paths.append(folder / version / notebook.name)
        with replacing(paths[-1]) as temporary, temporary.open("w", encoding="utf-8") as file:
            nbformat.write(content, file)
    return tuple(paths)


def for_students(notebook):
    """A copy of a notebook without answers, outputs, and what running it left behind."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if not lessons.is_answer(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    return notebook
