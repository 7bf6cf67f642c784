"""Links, the set-up cell and slide types: in every notebook, and they do what they say."""

import os
import re
import subprocess
import sys
import venv

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers import lessons, publication
from helpers.catalogue import NETWORKS
from helpers.commands import outfit
from helpers.paths import REPOSITORY


@pytest.fixture
def notebook():
    cells = [
        new_markdown_cell("# Title"),
        new_code_cell("import helpers"),
        new_markdown_cell("## Section"),
    ]
    return new_notebook(cells=cells)


def test_links_and_set_up_follow_the_title(notebook):
    after = outfit.outfitted(notebook, "Some.ipynb")
    assert [lessons.tags(cell) for cell in after.cells] == [
        [],
        ["links", "differs"],
        ["setup"],
        [],
        [],
    ]
    assert after.cells[1].source.count("Some.ipynb") == 2
    assert publication.address() in after.cells[2].source
    assert after.cells[4].metadata.slideshow.slide_type == "slide"
    assert len(notebook.cells) == 3


def test_outfitting_again_changes_nothing(notebook):
    after = outfit.outfitted(notebook, "Some.ipynb")
    after.cells[2].execution_count = 1  # it was run since
    after.cells[1].id = "cell-001"
    assert outfit.outfitted(after, "Some.ipynb") == after


@pytest.mark.parametrize("path", lessons.notebooks(), ids=lambda path: path.stem)
def test_every_lesson_is_outfitted(path):
    notebook = lessons.read(path)
    current = outfit.outfitted(notebook, path.name) == notebook
    assert current, f"{path.name} lacks links, set-up cell or slide types: run ./run outfit"


def test_a_new_address_replaces_the_old_one(notebook, monkeypatch):
    after = outfit.outfitted(notebook, "Some.ipynb")
    monkeypatch.setattr(publication, "address", lambda: "https://github.com/new/place")
    again = outfit.outfitted(after, "Some.ipynb")
    assert len(again.cells) == len(after.cells)
    assert "new/place/blob/main/notebooks/Some.ipynb" in again.cells[1].source
    assert "https://github.com/new/place" in again.cells[2].source


def test_what_is_installed_elsewhere_is_what_the_course_requires():
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert set(publication.ELSEWHERE) <= {re.split("[=><~ ]", line)[0] for line in lines}
    bundled = {info.bundled.replace("_", "-") for info in NETWORKS.values() if info.bundled}
    assert bundled <= set(publication.ELSEWHERE)


@pytest.mark.parametrize("folder", ["notebooks", "data"])
def test_beside_the_course_the_set_up_cell_fetches_nothing(folder, tmp_path):
    """In the course's environment nothing happens; with another Python the course is found."""
    for python in (sys.executable, sys._base_executable):
        code = f"{publication.setup()}\nimport helpers.errors\nprint(helpers.__file__)"
        environment = os.environ | {"PATH": str(tmp_path)}  # no git here
        done = subprocess.run(
            [python, "-c", code],
            cwd=REPOSITORY / folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert str(REPOSITORY) in done.stdout


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="this copy is no git repository")
def test_in_an_empty_environment_the_set_up_cell_brings_the_course(tmp_path, monkeypatch):
    """A fresh virtual environment, a folder with nothing in it, the repository cloned."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    monkeypatch.setattr(publication, "address", REPOSITORY.as_uri)
    lone = tmp_path / "lone"
    lone.mkdir()
    asks = (
        "from helpers import catalogue, paths; print(paths.REPOSITORY);"
        "print(catalogue.bundled_weights(catalogue.network_info('efficientnet_lite0')))"
    )
    for _ in range(2):  # a restarted kernel runs it again
        done = subprocess.run(
            [python, "-c", f"{publication.setup()}\n{asks}"],
            cwd=lone,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        course, weights = done.stdout.splitlines()[-2:]
        assert course == str(lone / "course")
        assert weights.startswith(str(tmp_path / "venv")) and weights.endswith(".pth")
