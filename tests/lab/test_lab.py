"""`./run lab`: on the mirror's photographs where there is a mirror, else on drawn breeds."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest

from helpers.__main__ import main
from helpers.data import drawn
from helpers.grading import starters
from helpers.paths import REPOSITORY

MIRROR = bool(os.environ.get("COURSE_MIRROR"))
KEYS = ["breeds", "photographs", "test_accuracy", "per_breed", "unseen_auroc", "source", "seconds"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One data folder for both frameworks: the second reads the features of the first."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def told(folder):
    """What each framework's solution published."""
    return {}


@pytest.mark.parametrize("framework", starters.SOLUTIONS)
def test_the_solution_runs_and_publishes(framework, folder, told, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_DATA", str(folder))
    words = ["source", "photographs"] if MIRROR else ["source", "drawn", "-p", "per_class", "4"]
    assert main(["lab", "--framework", framework, "-p", *words]) == 0
    told[framework] = said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(KEYS) <= set(said) and said["breeds"] == 35 and len(said["per_breed"]) == 5
    assert said["source"] == ("mirror" if MIRROR else "drawn")
    assert all(0 <= accuracy <= said["test_accuracy"] for accuracy in said["per_breed"].values())
    promise = re.search(
        r"at most ([\d.]+) GB of memory", (REPOSITORY / "README.md").read_text("utf-8")
    )
    assert 100 < said["memory_mb"] <= 1000 * float(promise[1])
    if MIRROR:
        assert said["photographs"]["test"] == 105
        assert said["test_accuracy"] >= 0.84 and said["best_accuracy"] >= 0.88
        assert said["unseen_auroc"] >= 0.80
    else:
        assert said["test_accuracy"] > 3 / 35, "better than guessing"


def test_the_frameworks_agree(told):
    if len(told) < 2:
        pytest.skip("a solution did not run")
    one, other = told.values()
    assert abs(one["test_accuracy"] - other["test_accuracy"]) <= 0.03
    assert abs(one["unseen_auroc"] - other["unseen_auroc"]) <= 0.03
    if MIRROR:
        assert abs(one["best_accuracy"] - other["best_accuracy"]) <= 0.03


@pytest.mark.parametrize("framework", starters.SOLUTIONS)
def test_the_saved_classifier_is_asked_in_a_new_process(framework, folder, told, tmp_path):
    if framework not in told:
        pytest.skip("the solution did not run")
    suffix = {"pytorch": "safetensors", "tensorflow": "keras"}[framework]
    model = folder / "models" / f"pet_breeds.{suffix}"
    pictures = tmp_path / "door"
    drawn.write(pictures, {"pug": ("pug",), "Siamese": ("Siamese",)}, 2)
    (pictures / "broken.jpg").write_bytes(b"nothing")
    words = [sys.executable, "-m", f"helpers.{framework}.predict", str(model), str(pictures)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 5 and [bool(row["problem"]) for row in rows].count(True) == 1
    known = set(drawn.CAT_BREEDS + drawn.DOG_BREEDS) - {"Persian", "keeshond"}
    assert all(row["class"] in known for row in rows if not row["problem"])
