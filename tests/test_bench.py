"""The benchmarks run; what they measure is printed by `./run bench`, not tested here."""

import json
import os
import subprocess
import sys

import pytest

from helpers.commands import bench
from helpers.paths import REPOSITORY


@pytest.fixture
def measured():
    def seconds(*values):
        return [{"seconds": value, "cosine": 0.9951} for value in values]

    one = {"course": seconds(1, 2, 4), "tutorial": seconds(10, 10, 40)}
    return {
        "photographs": 8,
        "precision": "float32",
        "runs": {"pytorch": one, "tensorflow": {**one, "course": seconds(2, 2, 2)}},
        "growth": {},
        "starts": {"neutral": 0.1, "AdversarialCatPyTorch": 3.25, "AdversarialCatTF": 4.0},
        "machine": {"processor": "abacus", "cores": 3},
    }


def test_ratios_are_taken_within_a_repetition(measured):
    lines = bench.table(measured).splitlines()
    assert lines[0].startswith("abacus, 3 cores, float32")
    row = {line.split(" | ")[0].strip("| "): line for line in lines}
    assert "| 10 (5 to 10) | 5 (5 to 20) |" in row["features: course / tutorial, times as fast"]
    assert "| 1 (0.5 to 2) |" in row["twins, course: time of TensorFlow / PyTorch"]
    assert "| 4 (2 to 8) | 4 (4 to 4) |" in row["course, photographs a second"]
    assert "0.9951" in row["cosine: course"]
    assert "| 3.2 | 4.0 |" in row["first output of AdversarialCat, seconds after it is opened"]


def test_a_quick_look(tmp_path):
    """On drawn stand-ins: both frameworks answer, and everything is written down."""
    here = {"COURSE_DATA": str(tmp_path), "COURSE_MIRROR": "", "HTTPS_PROXY": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "helpers", "bench", "--quick"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **here}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "bench.json").read_text())
    assert set(found["runs"]) == set(found["growth"]) == {"pytorch", "tensorflow"}
    for runs in found["runs"].values():
        assert runs["course"][0]["cosine"] > 0.99
    assert "photographs a second" in done.stdout


def test_neutral_rooms_start_light():
    """They import no framework, and nothing else that takes long."""
    program = (
        "import sys; from helpers import catalogue, data, evaluation, plotting, results, store\n"
        "heavy = ('torch', 'tensorflow', 'keras', 'openvino', 'sklearn', 'skimage', 'matplotlib',"
        " 'papermill', 'IPython', 'scipy', 'pandas', 'pooch', 'requests')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_what_the_readme_quotes_is_in_the_table():
    stored = json.loads(bench.STORED.read_text(encoding="utf-8"))
    quoted, table = bench.quoted(stored), bench.table(stored)
    for framework in bench.FRAMEWORKS:
        assert f" {quoted[framework]['a_second']['course']:.3g} (" in table
        assert f" {quoted[framework]['times']['tutorial']:.3g} (" in table
        assert quoted[framework]["growth"].keys() == {"500", "5000", "25000"}
