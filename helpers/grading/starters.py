"""The notebooks a student opens, made from the solutions by nbgrader's markers.

A task's cell holds `### BEGIN SOLUTION` ... `### END SOLUTION`, a test cell
`### BEGIN HIDDEN TESTS` ... `### END HIDDEN TESTS`. Neither stands in a starter.
"""

import copy
import re
from pathlib import Path

import nbformat

from helpers.errors import CourseError
from helpers.files import replacing
from helpers.paths import REPOSITORY

FOLDER = REPOSITORY / "lab"
SOLUTIONS = {
    "pytorch": FOLDER / "solutions" / "PetBreedsPyTorch.ipynb",
    "tensorflow": FOLDER / "solutions" / "PetBreedsTF.ipynb",
}
_MARKER = re.compile(r"\b(begin|end)\W+(solution|hidden\W*tests?)\b", re.IGNORECASE)
_REGION = re.compile(
    r"^[^\n]*BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)^[^\n]*END \1", re.MULTILINE | re.DOTALL
)


def solution(framework: str) -> nbformat.NotebookNode:
    """The solution notebook of "pytorch" or "tensorflow"."""
    return nbformat.read(SOLUTIONS[framework], as_version=4)


def starter(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The starter of a solution: no solutions, hidden tests or outputs; tests are locked.

    Raises CourseError for a marker without its partner, and where a line would leak.
    """
    from nbconvert.preprocessors import ClearOutputPreprocessor
    from nbgrader import preprocessors

    for cell in notebook.cells:
        _check_markers(cell)
    made, resources = copy.deepcopy(notebook), {}
    steps = (
        preprocessors.LockCells(),
        preprocessors.ClearSolutions(),
        preprocessors.ClearHiddenTests(),
        ClearOutputPreprocessor(),
        preprocessors.ComputeChecksums(),
        preprocessors.CheckCellMetadata(),
    )
    for step in steps:
        try:
            made, resources = step.preprocess(made, resources)
        except Exception as error:  # nbgrader raises RuntimeError and its own kinds
            raise CourseError(f"The solution cannot become a starter: {error}.") from None
    for cell in made.cells:
        cell.source = cell.source.strip()
        for name in ("papermill", "execution", "collapsed"):
            cell.metadata.pop(name, None)
    if lost := leaks(made, notebook):
        raise CourseError(f"The starter would show a line of the solution: {lost[0]!r}.")
    return made


def _check_markers(cell) -> None:
    """Raise CourseError for a marker that nbgrader would overlook, or that has no partner."""
    opened = None
    for line in cell.source.splitlines():
        if not _MARKER.search(line):
            continue
        exact = re.fullmatch(r"\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)", line)
        if not exact or (opened is not None if exact[1] == "BEGIN" else opened != exact[2]):
            break
        opened = exact[2] if exact[1] == "BEGIN" else None
    else:
        if opened is None:
            return
    raise CourseError(
        f"A marker of cell {cell.id} is not as it should be or has no partner: write both, "
        "### BEGIN ... and ### END ..., in capitals."
    )


def secrets(notebook: nbformat.NotebookNode) -> set[str]:
    """The lines of solutions and hidden tests, without indentation.

    A line that stands elsewhere in the notebook too, or is hardly more than a bracket, is none.
    """
    hidden, shown = [], []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        whole = about.get("solution") and not _REGION.search(cell.source)
        hidden += [cell.source] if whole else [m.group(2) for m in _REGION.finditer(cell.source)]
        shown += [] if whole else [_REGION.sub("", cell.source)]
    public = {line.strip() for text in shown for line in text.splitlines()}
    lines = {line.strip() for text in hidden for line in text.splitlines()}
    return {line for line in lines - public if len(re.sub(r"\W", "", line)) >= 5}


def leaks(made: nbformat.NotebookNode, notebook: nbformat.NotebookNode) -> list[str]:
    """Lines of the solution's secrets that stand in a starter."""
    kept = secrets(notebook)
    lines = (line.strip() for cell in made.cells for line in cell.source.splitlines())
    return [line for line in lines if line in kept]


def write(framework: str, folder: Path = FOLDER) -> Path:
    """Write a framework's starter. Returns the file."""
    path = folder / SOLUTIONS[framework].name
    with replacing(path) as temporary:
        nbformat.write(starter(solution(framework)), temporary)
    return path


def is_current(framework: str, folder: Path = FOLDER) -> bool:
    """Whether the starter in `folder` is what the solution makes now."""
    path = folder / SOLUTIONS[framework].name
    return path.is_file() and nbformat.read(path, as_version=4) == nbformat.from_dict(
        starter(solution(framework))
    )
