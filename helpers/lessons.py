"""The lesson notebooks, and what the tags of their cells mean.

`parameters`   plain literals that papermill may replace
`links`        opens the notebook on Colab and Binder; written by `./run outfit`
`setup`        brings the course to where it is missing; written by `./run outfit`
`answer`       solves an exercise: left out of what students get
`differs`      a text that differs between the twins
`slide`, `subslide`, `notes`, `skip`   override the rule of `slide_types`
"""

from pathlib import Path

from helpers.errors import CourseError
from helpers.paths import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
SLIDE_TYPES = ("slide", "subslide", "notes", "skip")


def notebooks() -> list[Path]:
    """Every lesson notebook, by name."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def read(path: Path):
    """A notebook. Raises CourseError where there is none."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist: name a notebook (.ipynb).") from None
    except Exception:  # nbformat raises many kinds
        raise CourseError(f"{path} is not a notebook: name an .ipynb file.") from None


def tags(cell) -> list[str]:
    """The tags of a cell."""
    return cell.metadata.get("tags", [])


def is_answer(cell) -> bool:
    """Whether students get the notebook without this cell."""
    return "answer" in tags(cell)


def slide_types(cells) -> list[str]:
    """How each cell begins in a deck: a new slide, a slide below, nothing of its own, or skipped.

    A first or second heading begins a slide; a deeper one, and an answer, the next slide below;
    all else, and the code of an answer, goes on where the cell before ended. Links and the set-up
    cell are left out.
    """
    types, before = [], None
    for cell in cells:
        types.append(_slide_type(cell, before))
        before = cell
    return types


def _slide_type(cell, before) -> str:
    for chosen in SLIDE_TYPES:
        if chosen in tags(cell):
            return chosen
    if {"links", "setup"} & set(tags(cell)) or not cell.source.strip():
        return "skip"
    if is_answer(cell):
        goes_on = cell.cell_type == "code" and before is not None and is_answer(before)
        return "-" if goes_on else "subslide"
    if cell.cell_type == "markdown" and cell.source.lstrip().startswith("#"):
        level = len(cell.source.lstrip().split(maxsplit=1)[0])
        return "slide" if level <= 2 else "subslide"
    return "-"
