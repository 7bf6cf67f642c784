"""Many processes at once, and processes killed at any moment."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time

import pytest
from checks import get
from loopback import SMALL, ZIP, contents

from helpers.data.fetching import fetched


def child(server, data, *arguments, code: str | None = None) -> subprocess.Popen:
    """Another process that fetches from the server as a mirror."""
    environment = os.environ | {
        "COURSE_DATA": str(data),
        "COURSE_MIRROR": server.url,
        "NO_PROXY": "127.0.0.1",
        "PYTHONIOENCODING": "utf-8",
    }
    command = ["-c", code] if code else ["-m", "helpers.data", "fetch", SMALL]
    return subprocess.Popen(
        [sys.executable, *command, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("count", [2, 4, 8])
def test_processes_that_start_together_fetch_once(server, data, files, packed, count, faults):
    server.serve({ZIP: packed})
    server.pause = 0.01
    started = [child(server, data) for _ in range(count)]
    for process in started:
        with faults.one("a process"):
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors.decode()
    assert server.gets(f"/{ZIP}") == 1
    assert contents(data / SMALL) == files


def test_threads_that_start_together_fetch_once(internet, data, files):
    threads = [threading.Thread(target=get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert contents(data / SMALL) == files and internet.gets(f"/{ZIP}") == 1


def whole_or_nothing(data, files) -> bool:
    """Whether the set is there; if it is, it is right."""
    there = fetched(SMALL) is not None
    assert (data / SMALL).exists() == there
    assert not there or contents(data / SMALL) == files
    archive = data / "archives" / ZIP
    assert not archive.exists() or archive.stat().st_size > 3_000_000
    return there


KILL_AT = """
import os, signal, sys
from helpers.data import archives, downloading, fetching

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function, calls):
    left = [calls]
    def wrapped(*given, **named):
        result = function(*given, **named)
        left[0] -= 1
        return result if left[0] else kill()
    return wrapped

point = sys.argv[1]
if point == "first block":
    downloading.blocks = lambda response: (yield from (response.raw.read1(5000), kill()))
elif point == "before check":
    downloading._difference = kill
elif point == "after check":
    downloading._difference = after(downloading._difference, 1)
elif point == "archive in place":
    replace = os.replace
    os.replace = lambda a, b: (replace(a, b), str(b).endswith(".zip") and kill())
elif point == "half unpacked":
    archives._Names.add = after(archives._Names.add, 8)
elif point == "before rename":
    os.rename = kill
elif point == "after rename":
    os.rename = after(os.rename, 1)
fetching.fetch("cats-vs-dogs-small", progress=False)
"""
POINTS = ["first block", "before check", "after check", "archive in place"]
POINTS += ["half unpacked", "before rename", "after rename"]


def test_downloads_killed_at_every_step(server, data, files, packed, faults):
    server.serve({ZIP: packed})
    for point in POINTS:
        with faults.one(point):
            process = child(server, data, point, code=KILL_AT)
            _, errors = process.communicate(timeout=60)
            assert process.returncode == -9, errors.decode()
            assert whole_or_nothing(data, files) == (point == "after rename")
    process = child(server, data)
    assert process.wait(60) == 0
    assert whole_or_nothing(data, files)


def test_downloads_killed_at_random_moments(server, data, files, packed, faults):
    """SIGKILL while downloading or unpacking; every next run ends whole or goes on."""
    server.serve({ZIP: packed})
    server.pause = 0.004
    moments = random.Random(7)
    kills = faults.amount(5, 60)
    while faults.injected < kills:
        process = child(server, data)
        before, end = len(server.seen), time.monotonic() + 20
        while len(server.seen) == before and time.monotonic() < end:  # it has begun
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.35))
        process.kill()
        process.communicate()
        if process.returncode == -9:
            with faults.one("a kill"):
                whole_or_nothing(data, files)
        if (data / SMALL).exists():
            shutil.rmtree(data / SMALL)
            (data / "archives" / ZIP).unlink(missing_ok=True)
    process = child(server, data)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()
    assert whole_or_nothing(data, files)
    assert sorted(p.name for p in data.iterdir()) == ["archives", SMALL]
