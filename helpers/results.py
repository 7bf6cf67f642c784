"""The numbers a notebook ends with: a table for the reader, the same as JSON for machines.

`python -m helpers.results EXECUTED.ipynb` prints what an executed notebook published.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from helpers.errors import CourseError

MIME = "application/vnd.transfer-learning-course+json"
"""The kind of output that carries the numbers in the executed file."""


def publish(results: Mapping, caption: str = "Results", *, shown=None) -> None:
    """Show the results as a table and store them in the notebook.

    shown: a `plotting.Table` for the reader, where all results would be too long a one.
    results: by name; numbers, words, lists and mappings of these. What was published earlier in
    the same notebook stays; a name published twice has its last value. The largest memory the
    notebook has used so far is added as `memory_mb`. Where the variable COURSE_RESULTS names a
    file, they are added to it as JSON too, for machines that run notebooks by other means.

    Raises CourseError for a value that JSON does not know, and for nan and infinity.
    """
    from IPython.display import display

    from helpers.plotting import table

    plain = {name: _plain(value, name) for name, value in results.items()}
    plain["memory_mb"] = peak_memory_mb()
    rows = [{"result": name, "value": value} for name, value in _flat(plain)]
    shown = shown or table(rows, caption)
    bundle = {MIME: plain, "text/html": shown._repr_html_(), "text/plain": repr(shown)}
    display(bundle, raw=True)
    if file := os.environ.get("COURSE_RESULTS"):
        path = Path(file)
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(json.dumps({**before, **plain}, ensure_ascii=False), encoding="utf-8")


def read(path: str | Path) -> dict:
    """What an executed notebook published.

    Raises CourseError: no such file, no notebook, or nothing published.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist: name an executed notebook.") from None
    except Exception:  # nbformat raises many kinds
        raise CourseError(f"{path} is not a notebook: name an executed .ipynb file.") from None
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            found.update(output.get("data", {}).get(MIME, {}))
    if not found:
        raise CourseError(
            f"{path} holds no published results: run it to its end, for example with "
            f"`./run execute {path}`."
        )
    return found


def peak_memory_mb() -> int:
    """The most memory this process has used so far, in megabytes."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return round(psutil.Process().memory_info().peak_wset / 1e6)
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)


def _plain(value, name: str):
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, f"{name}.{key}") for key, inner in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(inner, name) for inner in value]
    if isinstance(value, float):
        if not np.isfinite(value):
            raise CourseError(f"The result {name} is {value}, which is no number: mend the cell.")
        return float(f"{value:.6g}")
    if value is None or isinstance(value, str | bool | int):
        return value
    raise CourseError(f"The result {name} is a {type(value).__name__}: publish numbers or words.")


def _flat(results: Mapping, prefix: str = ""):
    for name, value in results.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def main(arguments: Sequence[str] | None = None) -> int:
    """Print an executed notebook's results as one line of JSON. Returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if len(words) != 1:
        print("Name one executed notebook: python -m helpers.results FILE.ipynb", file=sys.stderr)
        return 2
    try:
        print(json.dumps(read(words[0]), ensure_ascii=False))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
