"""Damaged photographs by the thousand: listed with a reason, or decoded; nothing else."""

import json
import subprocess
import sys

import fuzzing
import numpy as np
import pytest
from PIL import Image

from helpers.data import decoding, doctor

CHILD = """
import json, pathlib, sys, time
from helpers.data import decoding, doctor
from helpers.results import peak_memory_mb

before = peak_memory_mb()
paths = sorted(pathlib.Path(sys.argv[1]).iterdir())
report = doctor.check(paths, progress=False, remember=False)
answers, slowest = {}, 0.0
for path in paths:
    start = time.process_time()
    try:
        picture = decoding.decode(path)
        answers[path.name] = [picture.shape == (224, 224, 3) and picture.dtype == "uint8", None]
    except decoding.UnreadablePhotograph as error:
        answers[path.name] = [False, error.reason]
    slowest = max(slowest, time.process_time() - start)
print(json.dumps({
    "readable": [p.name for p in report.readable],
    "unreadable": {p.name: reason for p, reason in report.unreadable},
    "answers": answers, "slowest": slowest, "memory": peak_memory_mb() - before,
}))
"""


def test_damaged_photographs_in_doctor_and_decoder(tmp_path, faults):
    """In a process of its own: a crash of a decoder must not end the tests."""
    paths = fuzzing.write(tmp_path / "photographs", faults.amount(250, 3000))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "photographs")],
        capture_output=True,
        text=True,
        timeout=60 + len(paths),
    )
    assert done.returncode == 0 and not done.stderr, done.stderr[-2000:]
    said = json.loads(done.stdout)
    readable, unreadable = set(said["readable"]), said["unreadable"]
    assert len(readable) > len(paths) // 10 and len(unreadable) > len(paths) // 10
    for path in paths:
        with faults.one(path.name):
            decoded, reason = said["answers"][path.name]
            assert decoded == (path.name in readable) == (reason is None)
            assert (path.name in unreadable) != decoded
            assert decoded or (reason and unreadable[path.name] and len(reason) <= 80), reason
    assert said["slowest"] < 10, "seconds for one file"
    assert said["memory"] < 1500, "megabytes more"


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (1, 900), (4000, 2)])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_odd_shapes(tmp_path, size, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", size, (200, 0, 0)).save(path)
    assert doctor.check([path], progress=False, remember=False).readable == (path,)
    assert decoding.decode(path, 32).shape == (32, 32, 3)
    assert decoding.read(path).shape == (size[1], size[0], 3)


def test_what_pillow_opens_but_cannot_turn_into_rgb(tmp_path):
    """The doctor and the decoder agree."""
    path = tmp_path / "a.tif"
    Image.new("LAB", (20, 20)).save(path)
    report = doctor.check([path], progress=False, remember=False)
    try:
        decoding.decode(path, 8)
        assert report.readable == (path,)
    except decoding.UnreadablePhotograph as error:
        assert report.unreadable == ((path, error.reason),)


def test_what_is_no_file(tmp_path):
    import os

    pipe, loop = tmp_path / "pipe.jpg", tmp_path / "loop.jpg"
    if not hasattr(os, "mkfifo"):
        pytest.skip("named pipes are POSIX")
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    report = doctor.check([pipe, loop, tmp_path], progress=False, remember=False)
    assert [reason for _, reason in report.unreadable] == [
        "not a file", "Too many levels of symbolic links", "not a file",
    ]  # fmt: skip


def test_many_threads_decode_one_large_picture_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "LARGE", 99)
    inside, most = [], []
    upright = decoding._upright_rgb

    def watched(image):
        inside.append(image)
        most.append(len(inside))
        found = upright(image)
        inside.pop()
        return found

    monkeypatch.setattr(decoding, "_upright_rgb", watched)
    paths = [tmp_path / f"{i}.png" for i in range(40)]
    for path in paths:
        Image.fromarray(np.full((300, 300, 3), 9, np.uint8)).save(path)
    assert len(decoding.decode_many(paths, 8)) == 40 == len(most) and max(most) == 1
