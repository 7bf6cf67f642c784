"""Kernels that misbehave: the grader lives, says what happened, and leaves nothing behind."""

import os
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from helpers.grading import grading, running, sandbox
from helpers.paths import REPOSITORY
from helpers.results import peak_memory_mb

pytestmark = pytest.mark.fault

LIMITS = running.Limits(cell=12, total=60, memory=2 * 2**30)
walled = pytest.mark.skipif(
    sandbox.isolation().level == "limits", reason="this system has no name spaces to wall off with"
)


def processes_of(folder):
    """All that were begun for the submission in this folder."""
    return [p for p in psutil.process_iter(["cmdline"]) if str(folder) in str(p.info["cmdline"])]


def ran(*cells: str, limits=LIMITS):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    with grading._room() as folder:
        done = running.run(notebook, folder, limits)
        assert folder.is_dir()
    assert not processes_of(folder), "no process outlives its submission"
    said = [
        " ".join(str(o.get("evalue") or o.get("ename") or o.get("text", "")) for o in cell.outputs)
        for cell in notebook.cells
    ]
    return done, said


def test_an_error_does_not_stop_the_next_cell():
    done, said = ran("print('a')", "1 / 0", "import sys; print('b', file=sys.stderr)", "print(In)")
    assert said[:3] == ["a\n", "division by zero", "b\n"] and done.notes == []
    assert "1 / 0" not in said[3], "cells are not kept where a later one could read them"


def test_a_cell_that_hangs_is_interrupted_and_one_that_dies_is_left_out():
    done, said = ran(
        "x = 1",
        "while True: pass",
        "import os, threading; print(x)",
        "os._exit(3)",
        "print(x + 1)",
        limits=running.Limits(cell=3, total=60),
    )
    assert "out of time" in said[1] and said[2] == "1\n" and said[4] == "2\n"
    assert "died" in said[3] and len(done.notes) >= 2


def test_a_cell_that_ignores_the_interrupt_is_killed():
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    _, said = ran("x = 1", stubborn, "print(x)", limits=running.Limits(cell=2, total=60))
    assert "out of time" in said[1] and said[2] == "1\n"


def test_floods_of_output_are_cut():
    started = time.monotonic()
    before = peak_memory_mb()
    _, said = ran(
        "print('x' * 10**9)",
        "while True: print('y' * 1000)",
        "print('still here')",
        limits=running.Limits(cell=40, total=120, output=2**18),
    )
    assert sum(map(len, said)) < 2**20 and said[2] == "still here\n"
    assert peak_memory_mb() - before < 300
    assert time.monotonic() - started < 150


def test_memory_and_files_are_limited():
    _, said = ran(
        "blocks = [b'x' * 2**28 for _ in range(30)]",
        "print('still here')",
        "with open('big', 'wb') as f:\n    for _ in range(1100): f.write(bytes(2**20))",
    )
    assert "memory" in said[0].lower() and said[1] == "still here\n"
    if os.name == "posix":
        assert "File too large" in said[2]


def test_a_fork_bomb_ends_with_its_submission():
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    limits = running.Limits(cell=8, total=60, memory=2**36)  # so that their number is what ends it
    done, said = ran("x = 1", bomb, "print(x)", limits=limits)
    assert said[2] == "1\n" and "more than 64 processes" in done.notes[0]


GRADER = r"""
import pathlib, sys, nbformat
from helpers.grading import running
cell = nbformat.v4.new_code_cell("open('begun', 'w').close()\nwhile True: pass")
notebook = nbformat.v4.new_notebook(cells=[cell])
running.run(notebook, pathlib.Path(sys.argv[1]), running.Limits())
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
def test_a_grader_that_is_killed_leaves_no_process():
    with grading._room() as folder:
        grader = subprocess.Popen([sys.executable, "-c", GRADER, str(folder)], cwd=REPOSITORY)
        end = time.monotonic() + 90
        while not (folder / "begun").exists() and grader.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert len(processes_of(folder)) > 1
        grader.kill()
        grader.wait()
        end = time.monotonic() + 15
        while (left := processes_of(folder)) and time.monotonic() < end:
            time.sleep(0.1)
        for process in left:
            process.kill()
        assert not left


@walled
def test_nothing_of_the_instructor_is_in_reach(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden tests")
    _, said = ran(
        f"import os; print(os.path.exists({str(secret)!r}))",
        f"print(sorted(p for p in os.listdir({str(REPOSITORY)!r}) if p in ('lab', '.git')))",
        "import socket; socket.create_connection(('127.0.0.1', 80), 2)",
        f"open({str(REPOSITORY / 'helpers' / 'x.py')!r}, 'w')",
        "import shutil; shutil.rmtree(os.getcwd(), ignore_errors=True); print('gone')",
        "print(len([n for n in os.listdir('/proc') if n.isdigit()]) < 5, 'USER' in os.environ)",
    )
    assert said[0] == "False\n" and said[1] == "[]\n"
    assert "unreachable" in said[2] and "Read-only" in said[3]
    assert said[4] == "gone\n" and said[5] == "True False\n"
