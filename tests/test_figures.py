"""`./run figures`: diagrams drawn here, pictures from executed notebooks, numbers collected."""

import base64
import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers import figures, pages, speeds
from helpers.commands import figures as command
from helpers.errors import CourseError

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def notebook(tmp_path):
    data = {"image/png": base64.b64encode(PNG + b"picture").decode(), "text/plain": "Figure"}
    cells = [
        new_code_cell("nothing", metadata={"tags": ["figure-empty"]}),
        new_code_cell(
            "draw",
            metadata={"tags": ["figure-loop"]},
            outputs=[new_output("display_data", data=data)],
        ),
    ]
    path = tmp_path / "executed.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_diagrams_are_pictures_with_words():
    for drawing in (figures.idea(), figures.loop(), figures.networks(speeds.rows(), 2)):
        assert drawing.png.startswith(PNG) and len(drawing.png) > 5000
        assert len(drawing.text.split()) >= 8
    assert "EfficientNet-Lite0" in drawing.text


def test_a_picture_is_taken_from_its_cell(notebook):
    assert command.figure(notebook, "loop") == PNG + b"picture"
    for missing in ("empty", "unknown"):
        with pytest.raises(CourseError, match=f"figure-{missing}"):
            command.figure(notebook, missing)


def test_every_number_says_where_it_comes_from():
    wanted = ("photographs", "frozen_test_accuracy", "frozen_test_interval")
    wanted += ("fine_tuned_test_accuracy", "fine_tuned_test_interval", "features_per_second")
    lesson = dict.fromkeys(wanted, 1) | {"source": "mirror", "challenge": {"first": 0.9}}
    adversarial = {"source": "drawn", "ideal": {}, "attack": {"epsilon": "2/255"}}
    found = command.collected(lesson, adversarial)
    assert found["transfer"]["source"] == found["challenge"]["source"] == "mirror"
    assert found["attack"] == {"source": "drawn", "epsilon": "2/255"}
    assert found["networks"]["vgg16"]["megabytes"] == 528
    assert found["machine"]["cores"] >= 1
    json.dumps(found)


def test_a_missing_copy_changes_nothing(tmp_path):
    before = pages.RESULTS.read_bytes() if pages.RESULTS.exists() else None
    with pytest.raises(CourseError, match="TransferLearningPyTorch"):
        command.main(["--executed", str(tmp_path)])
    assert (pages.RESULTS.read_bytes() if pages.RESULTS.exists() else None) == before


made = pytest.mark.skipif(not pages.RESULTS.exists(), reason="no stored results: ./run figures")


@made
@pytest.mark.parametrize("page", pages.FILLED, ids=lambda page: f"{page.parent.name}-{page.name}")
def test_every_link_and_figure_of_a_page_is_there(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    local = [t.split("#")[0] for t in targets if not re.match(r"https?://", t)]
    assert len(local) > 10
    assert [t for t in local if not (page.parent / t).exists()] == []


@made
@pytest.mark.parametrize("page", pages.FILLED, ids=lambda page: f"{page.parent.name}-{page.name}")
def test_every_number_on_a_page_is_the_stored_one(page):
    text = page.read_text(encoding="utf-8")
    assert "…<!-- /result -->" not in text
    assert pages.fill(text, json.loads(pages.RESULTS.read_text(encoding="utf-8"))) == text
