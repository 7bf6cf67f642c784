"""The table of networks and their speeds."""

import json
import subprocess

import pytest

from helpers import speeds
from helpers.catalogue import NETWORKS


@pytest.fixture
def children(monkeypatch):
    """Instead of processes that measure: what they would print, and what they were asked."""
    asked = []
    answer = {"code": 0, "printed": '{"vgg16": 4.0, "efficientnet_lite0": 100.6}', "said": ""}

    def run(command, **_):
        asked.append(command[-1])
        return subprocess.CompletedProcess(
            command, answer["code"], f"noise\n{answer['printed']}\n", answer["said"]
        )

    monkeypatch.setattr(speeds.subprocess, "run", run)
    return asked, answer


def test_what_is_stored_covers_the_catalogue():
    stored = speeds.stored()
    assert set(stored["networks"]) == set(NETWORKS)
    assert all(value > 0 for both in stored["networks"].values() for value in both.values())
    rows = speeds.rows()
    assert [row["weights (MB)"] for row in rows] == sorted(i.megabytes for i in NETWORKS.values())
    assert stored["machine"] in repr(speeds.table())


def test_each_framework_measures_in_a_process_of_its_own(children, tmp_path, monkeypatch, capsys):
    asked, _ = children
    monkeypatch.setattr(speeds, "FILE", tmp_path / "speeds.json")
    assert speeds.main(["vgg16", "efficientnet_lite0", "--store"]) == 0
    assert ["'pytorch'" in asked[0], "'tensorflow'" in asked[1], len(asked)] == [True, True, 2]
    shown = capsys.readouterr().out
    assert shown.index("EfficientNet-Lite0") < shown.index("VGG-16") and "101" in shown
    kept = json.loads((tmp_path / "speeds.json").read_text(encoding="utf-8"))
    assert kept == speeds.stored()
    assert kept["networks"]["vgg16"] == {"pytorch": 4.0, "tensorflow": 4.0}


def test_a_framework_that_does_not_run_stores_nothing(children, tmp_path, monkeypatch, capsys):
    _, answer = children
    monkeypatch.setattr(speeds, "FILE", tmp_path / "speeds.json")
    answer |= {"code": 1, "said": "Traceback\nImportError: no torch\n"}
    assert speeds.main(["vgg16", "--store"]) == 2
    assert "cannot be measured: ImportError: no torch" in capsys.readouterr().err
    assert not speeds.FILE.exists()
