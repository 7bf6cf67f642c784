"""The parity report: the twins are equal, and the report can say that they are not."""

import json
import os

import numpy as np
import pytest

from helpers import parity
from helpers.errors import CourseError

SOURCE = "photographs" if os.environ.get("COURSE_MIRROR") else "drawn"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))


def report(capsys, *words):
    code = parity.main(["--json", "--source", SOURCE, *words])
    return code, json.loads(capsys.readouterr().out)


def test_the_twins_agree_to_rounding(capsys):
    """On 64 photographs of the mirror, where there is one."""
    code, found = report(capsys, "--photographs", "64")
    assert code == 0 and found["failures"] == []
    assert found["photographs"] == 64
    assert found["source"] == ("mirror" if SOURCE == "photographs" else "drawn")
    assert found["logit_difference"] <= 1e-3
    assert found["top1_agreement"] == 1
    assert found["cosine_smallest"] > 0.9999
    assert set(found["seconds"]) == {"pytorch", "tensorflow"}


def test_perturbed_weights_are_noticed(capsys):
    code, found = report(capsys, "--photographs", "20", "--perturb", "0.01")
    assert code == 1
    assert found["logit_difference"] > 1e-3
    assert "Two logits differ" in found["failures"][0]


def answer(**changed):
    rng = np.random.default_rng(0)
    plain = {
        "logits": rng.normal(size=(20, 1000)),
        "features": rng.normal(size=(20, 8)) + 5,
        "accuracy": 0.75,
        "tested": 100,
        "seconds": {"start": 1.0},
    }
    return {**plain, **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, None),
        ({"accuracy": 0.759}, None),
        ({"accuracy": 0.77}, "accuracies are 0.020 apart"),
        ({"logits": answer()["logits"] + 0.0009}, None),
        ({"logits": answer()["logits"] + 0.0011}, "logits differ by 0.0011"),
        ({"logits": np.roll(answer()["logits"], 1, 1)}, "most probable class"),
        ({"logits": answer()["logits"] * np.nan}, "logits differ by nan"),
        ({"features": -answer()["features"]}, "cosine of -1"),
    ],
)
def test_each_tolerance_can_be_exceeded(changed, said, monkeypatch):
    answers = {"pytorch": answer(), "tensorflow": answer(**changed)}
    monkeypatch.setattr(parity, "_ask", lambda framework, *_: answers[framework])

    class Twenty(list):
        source = "drawn"

    found = parity.compare(Twenty(range(20)))
    assert bool(found.failures) == bool(said)
    if said:
        assert said in " ".join(found.failures)
    lines = parity.table(found)
    assert "20 drawn stand-ins" in lines
    assert ("The twins are equal." in lines) == (said is None)


def test_too_few_photographs_make_no_report(capsys):
    assert parity.main(["--photographs", "10", "--source", "drawn"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_framework_that_does_not_run_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(parity.sys, "executable", "/bin/false")
    with pytest.raises(CourseError, match=r"helpers\.pytorch does not run here"):
        parity._ask("pytorch", [], 0.0, tmp_path)


def test_what_the_notebooks_quote_was_measured():
    found = parity.stored()
    assert found.photographs >= 64 and found.failures == []
    assert found.logit_difference <= 1e-3 and found.top1_agreement == 1
