"""`./run outfit`: write links, the set-up cell and slide types into the notebooks.

It may be run again at any time: what it wrote before is replaced, all else stays.
"""

import argparse
import copy
from collections.abc import Sequence
from pathlib import Path

from helpers import lessons, publication
from helpers.files import replacing


def main(arguments: Sequence[str]) -> int:
    """Outfit the notebooks named, or all. Returns the exit code."""
    import nbformat

    options = argparse.ArgumentParser(prog="./run outfit", description=__doc__)
    options.add_argument("notebooks", nargs="*", type=Path, help="by default every lesson notebook")
    for path in options.parse_args(arguments).notebooks or lessons.notebooks():
        before = lessons.read(path)
        after = outfitted(before, path.name)
        if after == before:
            print(f"{path}: nothing to do")
            continue
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
            nbformat.write(after, file)
        print(f"{path}: written")
    return 0


def outfitted(notebook, name: str):
    """A copy of a notebook with links and the set-up cell after its title, and slide types.

    name: its file name, which the links hold.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook = copy.deepcopy(notebook)
    made = (
        new_markdown_cell(
            publication.links(name), id="links", metadata={"tags": ["links", "differs"]}
        ),
        new_code_cell(publication.setup(), id="setup", metadata={"tags": ["setup"]}),
    )
    there = {cell.source: cell for cell in notebook.cells}
    ours = {"links", "setup"}
    cells = [cell for cell in notebook.cells if not ours & set(lessons.tags(cell))]
    # A cell that says the same already stays, with the number that running it gave it.
    made = [there.get(cell.source, cell) for cell in made]
    notebook.cells = [*cells[:1], *made, *cells[1:]]
    for cell, slide_type in zip(notebook.cells, lessons.slide_types(notebook.cells), strict=True):
        cell.metadata.pop("slideshow", None)
        if slide_type != "-":
            cell.metadata.slideshow = {"slide_type": slide_type}
    return notebook
