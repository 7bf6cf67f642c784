"""A notebook as a deck of slides: one HTML file that needs no internet.

reveal.js comes from the package sphinx-revealjs, formulas become MathML, pictures are inside.
Which cell begins a slide is decided by `helpers.lessons.slide_types`; what does not fit on one
slide flows on to the next, in the browser (`deck/static/paging.js`). A long paragraph shows its
first sentences; the whole of it is in the speaker notes (press S).
"""

import copy
from importlib.util import find_spec
from pathlib import Path

from helpers import lessons
from helpers.slides.prose import at_headings, shortened
from helpers.slides.quizzes import is_quiz, on_slides

HERE = Path(__file__).parent


def deck(notebook, path: Path, answers: bool = True) -> str:
    """The HTML of a deck.

    notebook: as nbformat reads it; its stored outputs are shown. path: where it is, for the
    pictures it names. answers: whether the answers to exercises and quizzes are in it.
    """
    from helpers.slides.exporter import DeckExporter

    exporter = DeckExporter()
    resources = {
        "metadata": {"name": path.stem, "path": str(path.parent)},
        "reveal": {name: _reveal(file) for name, file in _FILES.items()},
    }
    html, _ = exporter.from_notebook_node(prepared(notebook, answers), resources)
    return html


def prepared(notebook, answers: bool):
    """A copy of a notebook in which each cell knows its slide, its notes and what to leave out."""
    notebook = copy.deepcopy(notebook)
    cells = [part for cell in notebook.cells for part in _parts(cell)]
    kept = [cell for cell in cells if answers or not lessons.is_answer(cell)]
    for cell, slide_type in zip(kept, lessons.slide_types(kept), strict=True):
        cell.metadata.slide_type = slide_type
    notebook.cells = [cell for cell in kept if cell.metadata.slide_type != "skip"]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.slide_type != "notes":
            short = shortened(cell.source)
            cell.metadata.notes = cell.source if short != cell.source else ""
            cell.source = short
        if "outputs" in cell:
            cell.outputs = [_plain(o, answers) for o in cell.outputs if not _is_widget(o)]
    notebook.metadata.title = _title(notebook)
    return notebook


def _parts(cell) -> list:
    """A cell; one of text in parts, so that each of its headings can begin a slide."""
    if cell.cell_type != "markdown" or not cell.source.strip():
        return [cell]
    parts = []
    for number, text in enumerate(at_headings(cell.source)):
        parts.append(copy.deepcopy(cell))
        parts[-1].source = text
        parts[-1].id = f"part-{number}-of-{cell.id}"[:64]
    return parts


def _is_widget(output) -> bool:
    """A button does nothing on a slide."""
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


def _plain(output, answers: bool):
    """An output, and a quiz as the list of its questions."""
    html = output.get("data", {}).get("text/html", "")
    if is_quiz(html):
        output.data["text/html"] = on_slides(html, answers)
    return output


def _title(notebook) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0][2:].strip()
    return "Slides"


_FILES = {"css": "dist/reveal.css", "js": "dist/reveal.js", "notes": "plugin/notes/notes.js"}


def _reveal(file: str) -> str:
    """The text of a file of reveal.js; Sphinx itself is not imported."""
    package = Path(find_spec("sphinx_revealjs").origin).parent
    text = (package / "_static" / "revealjs" / file).read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script") if file.endswith(".js") else text
