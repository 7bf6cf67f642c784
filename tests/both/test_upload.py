"""A photograph through the button gets the answer that the same file gets by its path."""

import subprocess
import sys

import pytest

from helpers import widgets
from helpers.paths import REPOSITORY


@pytest.fixture(scope="module")
def classify(framework, backbone):
    network = framework.networks.classifier(backbone, 7)
    names = tuple(f"breed {number}" for number in range(7))
    return framework.classifier.Classifier(network, names).classify


def test_the_same_answer_as_by_path(classify, photographs):
    answers = []

    def recorded(paths):
        answers.extend(classify(paths))
        return answers[-1:]

    for path in photographs.paths[:2]:
        (by_path,) = classify(path)
        drawing = widgets.answer_for("my dog.jpg", path.read_bytes(), recorded)
        assert answers[-1].probabilities == by_path.probabilities
        best = sorted(by_path.probabilities.items(), key=lambda item: -item[1])[:5]
        listed = ", ".join(f"{name} {value:.1%}" for name, value in best)
        assert listed in repr(drawing) and drawing.png.startswith(b"\x89PNG")


def test_a_file_that_is_no_photograph_gets_one_sentence_with_its_own_name(classify):
    said = widgets.answer_for("homework.jpg", b"no picture", classify)
    assert isinstance(said, str) and "homework.jpg" in said and said.count("\n") == 0


@pytest.mark.parametrize(
    "value",
    [
        ({"name": "a.jpg", "content": memoryview(b"bytes"), "size": 5},),
        {"a.jpg": {"metadata": {"name": "a.jpg"}, "content": b"bytes"}},
    ],
    ids=["ipywidgets 8", "ipywidgets 7"],
)
def test_what_the_button_holds(value):
    assert widgets.files(value) == [("a.jpg", b"bytes")]


WITHOUT = """
import sys
sys.modules["ipywidgets"] = None
from helpers import widgets
widgets.upload(None)
"""


def test_without_widgets_a_path_is_asked_for():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert done.returncode == 0, done.stderr
    assert "Put a path into the cell above" in done.stdout


def test_where_widgets_are_not_drawn_the_sentence_stands_there(classify, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    widgets.upload(classify)
    assert shown[0]["text/plain"] == widgets.HINT
    assert any("widget-view" in kind for kind in shown[0])
