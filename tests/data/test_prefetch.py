"""Before class: everything once, continued after an interruption, and what is missing is said."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from loopback import SMALL, ZIP, contents

from helpers import weights
from helpers.catalogue import NETWORKS
from helpers.data.fetching import fetched
from helpers.data.sharing import write_mirror

NAMES = {file.name for files in weights.FILES.values() for file in files.values()}


@pytest.fixture
def mirrored(server, packed, data, hasty, monkeypatch):
    """A mirror with photographs and weights, the largest file 3 MB."""
    bits = random.Random(1)
    server.serve({ZIP: packed} | {name: bits.randbytes(200_000) for name in NAMES})
    monkeypatch.setenv("COURSE_MIRROR", server.url)
    return server


def started(*arguments: str) -> subprocess.Popen:
    if os.name == "posix" and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # started behind a shell's `&`
    return subprocess.Popen(
        [sys.executable, "-m", "helpers", "prefetch", *arguments],
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_interrupted_continued_and_then_nothing_more(mirrored, data, files):
    mirrored.pause = 0.05
    process = started()
    part, end = data / "archives" / f"{ZIP}.part", time.monotonic() + 30
    while not (part.exists() and part.stat().st_size > 300_000) and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    code, _, err = finished(process)
    assert code == 130 and "Traceback" not in err
    assert fetched(SMALL) is None and part.stat().st_size > 300_000

    mirrored.pause = 0
    code, out, err = finished(started())
    assert code == 0, err
    assert contents(data / SMALL) == files
    assert any(path == f"/{ZIP}" and wanted for _, path, wanted in mirrored.seen)
    for of_framework in weights.FILES.values():
        for file in of_framework.values():
            assert file.path.read_bytes() == mirrored.files[f"/{file.name}"]
    assert out.index("MB") < out.index("fetched") and out.rstrip().endswith("Everything is there.")

    mirrored.seen.clear()
    code, out, _ = finished(started())
    assert code == 0 and mirrored.seen == [] and "to fetch  " not in out
    assert "       0 MB  to fetch in all" in out


def test_what_is_out_of_reach_is_said(data, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    code, out, err = finished(started("--networks", "resnet50", "efficientnet_lite0"))
    assert code == 1 and "Everything" not in out
    assert err.count("Missing: ") == 3 and "Traceback" not in err
    assert SMALL in err and err.count("ResNet-50") == 2 and "Lite0" not in err


def test_unknown_names_are_refused(data):
    code, _, err = finished(started("--networks", "resnet51"))
    assert code == 2 and "resnet50" in err


def test_the_mirror_written_from_it_holds_the_weights(mirrored, data, tmp_path, monkeypatch):
    assert finished(started("--networks", "resnet50"))[0] == 0
    written = write_mirror(tmp_path / "class", progress=False)
    assert set(written.archives) == {ZIP} | {
        files["resnet50"].name for files in weights.FILES.values()
    }
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path / "class"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "another"))
    path = weights.fetch("pytorch", "resnet50", progress=False)
    assert path.is_relative_to(tmp_path / "another")
    assert path.read_bytes() == mirrored.files[f"/{path.name}"]


def test_another_file_than_published_is_refused(server, data, hasty, monkeypatch):
    file = weights.FILES["pytorch"]["resnet50"]
    server.serve({file.name: b"something else"})
    changed = weights.WeightsFile("pytorch", f"{server.url}/{file.name}", "sha256", file.digest)
    monkeypatch.setitem(weights.FILES["pytorch"], "resnet50", changed)
    with pytest.raises(weights.CourseError, match="sent another file"):
        weights.fetch("pytorch", "resnet50", progress=False)
    assert not changed.path.exists()


def test_every_network_has_its_weights_somewhere():
    for files in weights.FILES.values():
        assert {name for name, info in NETWORKS.items() if not info.bundled} == set(files)
