"""What a notebook publishes is what a machine reads."""

import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from helpers import results
from helpers.errors import CourseError


@pytest.fixture
def published(monkeypatch):
    """Everything that `publish` shows, as the outputs of a notebook's cells."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    return shown


def notebook(tmp_path, bundles):
    """An executed notebook with one cell for each bundle."""
    cells = []
    for bundle in bundles:
        output = nbformat.v4.new_output("display_data", data=bundle)
        cells.append(nbformat.v4.new_code_cell("publish", outputs=[output]))
    path = tmp_path / "executed.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_numbers_come_back_as_they_were_published(published, tmp_path, capsys):
    given = {
        "framework": "pytorch",
        "photographs": {"train": 3, "test": np.int64(2)},
        "accuracy": np.float32(0.1),
        "interval": (0.25, 1.0),
        "curve": np.arange(3) / 7,
        "stopped": np.bool_(True),
        "nothing": None,
    }
    results.publish(given)
    path = notebook(tmp_path, published)
    assert results.main([str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)
    assert found.pop("memory_mb") > 10
    assert found == {
        "framework": "pytorch",
        "photographs": {"train": 3, "test": 2},
        "accuracy": 0.1,
        "interval": [0.25, 1.0],
        "curve": [0.0, 0.142857, 0.285714],
        "stopped": True,
        "nothing": None,
    }
    assert "photographs.train" in published[0]["text/html"]
    assert "photographs.test" in published[0]["text/plain"]


def test_later_results_join_earlier_ones(published, tmp_path):
    results.publish({"a": 1, "b": 1})
    results.publish({"b": 2})
    found = results.read(notebook(tmp_path, published))
    assert (found["a"], found["b"]) == (1, 2)


def test_a_machine_can_name_a_file_for_them(published, tmp_path, monkeypatch):
    file = tmp_path / "results.json"
    monkeypatch.setenv("COURSE_RESULTS", str(file))
    results.publish({"a": 1, "b": 1})
    results.publish({"b": 2})
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found == results.read(notebook(tmp_path, published))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "is nan"),
        ([1.0, float("inf")], "is inf"),
        ({"inside": np.float64("nan")}, r"a\.inside is nan"),
        (object(), "is a object"),
        (b"bytes", "is a bytes"),
    ],
)
def test_what_json_does_not_know_is_refused(value, why, published):
    with pytest.raises(CourseError, match=why):
        results.publish({"a": value})
    assert published == []


@pytest.mark.parametrize("content", [None, "", "no JSON", "{}", "[]"])
def test_what_is_no_executed_notebook_is_one_sentence(content, tmp_path, capsys):
    path = tmp_path / "some.ipynb"
    if content is not None:
        path.write_text(content)
    assert results.main([str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and str(path) in said.err


def test_a_notebook_without_results_says_how_to_get_them(tmp_path):
    with pytest.raises(CourseError, match="holds no published results: run it"):
        results.read(notebook(tmp_path, []))


def test_the_command_takes_one_notebook():
    command = [sys.executable, "-m", "helpers.results"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "Name one executed notebook" in done.stderr
