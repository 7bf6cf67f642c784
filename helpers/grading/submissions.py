"""What students handed in, and the notebook that is run for it.

A submission keeps what the student wrote in the tasks' cells and in cells of their own. Locked
cells, the tests among them, are taken from the solution; cells that were deleted come back.
"""

import copy
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.errors import CourseError

MOST_BYTES = 100 * 2**20
"""A larger file is refused."""


@dataclass(frozen=True)
class Submission:
    """student: the name of the file or folder. path: the notebook, None where there is none.
    problem: one sentence, empty where all is well."""

    student: str
    path: Path | None
    problem: str = ""


def find(folder: Path, ignore: tuple[Path, ...] = ()) -> list[Submission]:
    """One submission for each file or folder in `folder`, by name. Raises CourseError."""
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder: name the folder with the submissions.")
    skipped = {path.resolve() for path in ignore}
    entries = [
        path
        for path in sorted(folder.iterdir(), key=lambda p: p.name.lower())
        if not path.name.startswith((".", "__")) and path.resolve() not in skipped
    ]
    if not entries:
        raise CourseError(f"{folder} is empty: put a notebook or a folder of each student there.")
    stems = Counter(path.stem for path in entries)
    return [
        _entry(path, path.name if path.is_dir() or stems[path.stem] > 1 else path.stem)
        for path in entries
    ]


def _entry(path: Path, student: str) -> Submission:
    if path.is_dir() and not path.is_symlink():
        inside = sorted(
            p for p in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts and _plain(p)
        )
        lab = [p for p in inside if p.name.startswith("PetBreeds")] or inside
        if not lab:
            return Submission(student, None, "There is no notebook in the folder.")
        newest = max(lab, key=lambda p: p.stat().st_mtime)
        many = f"{len(lab)} notebooks: the newest was graded." if len(lab) > 1 else ""
        return Submission(student, newest, many)
    if not _plain(path):
        return Submission(student, None, "This is no file and no folder.")
    return Submission(student, path)


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def read(path: Path) -> nbformat.NotebookNode:
    """A submitted notebook. Raises CourseError for what is none, or none of the lab."""
    if path.stat().st_size > MOST_BYTES:
        raise CourseError("The file is too large for a notebook: hand it in without outputs.")
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
    except OSError as error:
        raise CourseError(
            f"The file cannot be read ({error.strerror}): hand it in again."
        ) from None
    except Exception:  # whatever a broken file makes nbformat raise, RecursionError too
        raise CourseError("The file is not a notebook: hand in the .ipynb file.") from None
    return notebook


def framework_of(notebook: nbformat.NotebookNode) -> str:
    """The framework of a submission; CourseError where it holds no cell of the lab."""
    if not any(grade_id(cell) for cell in notebook.cells):
        raise CourseError("The notebook holds no cell of the lab: begin with the starter.")
    lab = str(notebook.metadata.get("lab", ""))
    code = "\n".join(cell.source for cell in notebook.cells)
    if lab.endswith("TF") or (not lab and "helpers.tensorflow" in code):
        return "tensorflow"
    return "pytorch"


def grade_id(cell) -> str:
    """The name of a cell of the lab; empty for other cells."""
    about = cell.metadata.get("nbgrader", {})
    return str(about.get("grade_id") or "") if isinstance(about, dict) else ""


def merge(solution, starter, submitted) -> tuple[nbformat.NotebookNode, list[str]]:
    """The notebook to run, without outputs, and what was mended, a sentence each."""
    source = {grade_id(cell): cell for cell in solution.cells if grade_id(cell)}
    blank = {grade_id(cell): cell for cell in starter.cells if grade_id(cell)}
    order, cells, found = list(source), [], {}
    for cell in submitted.cells:
        name = grade_id(cell)
        if name in source and name not in found:
            kept = copy.deepcopy(source[name])
            if kept.metadata.nbgrader.solution:
                kept.source = cell.source
            found[name] = kept
            cells.append(kept)
        else:
            cells.append(_own(cell))
    missing = [name for name in order if name not in found]
    for name in missing:
        kept = copy.deepcopy((blank if source[name].metadata.nbgrader.solution else source)[name])
        before = next((n for n in reversed(order[: order.index(name)]) if n in found), None)
        place = next((i for i, c in enumerate(cells) if c is found.get(before)), -1)
        cells.insert(place + 1, kept)
        found[name] = kept
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    merged = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(solution.metadata))
    notes = [f"Deleted cells, put back: {', '.join(missing)}."] if missing else []
    return merged, notes


def _own(cell):
    """A cell of the student's own: it runs, it carries no points."""
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell(cell.source)
    return nbformat.v4.new_markdown_cell(cell.source)
