"""`./run slides`: each notebook as a deck of slides that needs no internet."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from helpers import lessons
from helpers.files import replacing
from helpers.paths import data_folder


def main(arguments: Sequence[str]) -> int:
    """Write two decks for each notebook, with and without answers. Returns the exit code."""
    options = argparse.ArgumentParser(prog="./run slides", description=__doc__)
    options.add_argument(
        "notebooks",
        nargs="*",
        type=Path,
        help="by default every lesson notebook, as stored; executed ones show your photographs",
    )
    options.add_argument("-o", "--output", type=Path, help="the folder (data/slides)")
    asked = options.parse_args(arguments)
    folder = asked.output or data_folder() / "slides"
    for notebook in asked.notebooks or lessons.notebooks():
        for path in write(notebook, folder):
            print(path)
    return 0


def write(notebook: Path, folder: Path) -> tuple[Path, Path]:
    """Write `NAME.html`, with answers, and `NAME-questions.html`, without. Returns their paths."""
    from helpers import slides

    read = lessons.read(notebook)
    paths = folder / f"{notebook.stem}.html", folder / f"{notebook.stem}-questions.html"
    for path, answers in zip(paths, (True, False), strict=True):
        with replacing(path) as temporary:
            html = slides.deck(read, notebook.absolute(), answers)
            temporary.write_text(html, encoding="utf-8")
    return paths
