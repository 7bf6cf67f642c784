"""Twin notebooks say the same: only what the frameworks force apart may differ."""

import ast
import copy
from pathlib import Path

import nbformat
import pytest
from conftest import REPOSITORY

from helpers.commands.execute import defaults

FOLDERS = ("notebooks", "lab", "lab/solutions")
PAIRS = [
    (one, one.with_name(one.name.replace("PyTorch", "TF")))
    for folder in FOLDERS
    for one in sorted((REPOSITORY / folder).glob("*PyTorch*.ipynb"))
]
LESSON = next(pair for pair in PAIRS if pair[0].stem == "TransferLearningPyTorch")


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def headings(notebook) -> list[str]:
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [line for text in prose for line in text.splitlines() if line.startswith("#")]


def shape(notebook) -> list[str]:
    """The kind of each cell, with its tags."""
    return [f"{cell.cell_type} {sorted(tags(cell))}" for cell in notebook.cells]


def prose(notebook) -> list[str]:
    """The text of the cells that must not differ."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    return [cell.source for cell in cells if "differs" not in tags(cell)]


def published(notebook) -> list[str]:
    """The names under which `publish({...})` keeps results, in the order of the code."""
    names = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and "publish(" in cell.source:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("publish"):
                    names += [ast.unparse(k) if k else "**" for k in node.args[0].keys]
    return names


def parameters(notebook, path: Path) -> list[tuple]:
    nbformat.write(notebook, path)
    return list(defaults(path).items())


def differences(one, other, folder: Path) -> list[str]:
    """In which respects two notebooks are no twins, a line each."""
    sides = {
        "headings": (headings(one), headings(other)),
        "cells": (shape(one), shape(other)),
        "prose": (prose(one), prose(other)),
        "parameters": tuple(parameters(n, folder / "one.ipynb") for n in (one, other)),
        "published": (published(one), published(other)),
    }
    found = []
    for name, (left, right) in sides.items():
        if left != right:
            pairs = [(a, b) for a, b in zip(left, right, strict=False) if a != b]
            first = pairs[0] if pairs else (len(left), len(right))
            found.append(f"{name}: {first[0]!r} is not {first[1]!r}")
    return found


@pytest.fixture(scope="module")
def read():
    known = {}

    def notebook(path):
        if path not in known:
            known[path] = nbformat.read(path, as_version=4)
        return copy.deepcopy(known[path])

    return notebook


def test_every_notebook_of_one_framework_has_a_twin():
    assert len(PAIRS) >= 1
    there = {path for folder in FOLDERS for path in (REPOSITORY / folder).glob("*TF*.ipynb")}
    assert there == {other for _, other in PAIRS}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].stem.replace("PyTorch", ""))
def test_twins_are_equal_but_for_the_framework(pair, read, tmp_path):
    one, other = map(read, pair)
    assert differences(one, other, tmp_path) == []


def first(notebook, kind, tagged=None, containing=""):
    for cell in notebook.cells:
        fits = tagged in tags(cell) if tagged else "differs" not in tags(cell)
        if cell.cell_type == kind and containing in cell.source and fits:
            return cell
    raise AssertionError(f"no {kind} cell")


def new_heading(notebook):
    cell = first(notebook, "markdown", containing="\n## ")
    cell.source = cell.source.replace("\n## ", "\n## Not ", 1)


def new_prose(notebook):
    first(notebook, "markdown", containing="network").source += " Really."


def new_default(notebook):
    cell = first(notebook, "code", "parameters")
    cell.source = cell.source.replace("seed = 0", "seed = 1")


def new_parameter(notebook):
    first(notebook, "code", "parameters").source += "\nmore = 1"


def another_order(notebook):
    cells = notebook.cells
    i = next(i for i in range(5, len(cells) - 1) if cells[i].cell_type != cells[i + 1].cell_type)
    cells[i], cells[i + 1] = cells[i + 1], cells[i]


def one_cell_less(notebook):
    del notebook.cells[-1]


def another_result(notebook):
    cell = first(notebook, "code", containing='"seconds": ')
    cell.source = cell.source.replace('"seconds"', '"minutes"')


def a_tag_less(notebook):
    first(notebook, "markdown", "differs").metadata.tags = []


@pytest.mark.parametrize(
    ("edit", "noticed"),
    [
        (new_heading, "headings"),
        (new_prose, "prose"),
        (new_default, "parameters"),
        (new_parameter, "parameters"),
        (another_order, "cells"),
        (one_cell_less, "cells"),
        (another_result, "published"),
        (a_tag_less, "cells"),
    ],
    ids=lambda value: value.__name__ if callable(value) else value,
)
@pytest.mark.parametrize("edited", [0, 1], ids=["pytorch", "tensorflow"])
def test_one_twin_edited_alone_is_noticed(edit, noticed, edited, read, tmp_path):
    pair = [read(path) for path in LESSON]
    edit(pair[edited])
    assert noticed in {line.split(":")[0] for line in differences(*pair, tmp_path)}
