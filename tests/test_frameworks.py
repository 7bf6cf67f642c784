"""Runs the behavioural tests once for each framework, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_framework(framework):
    folders = [str(p) for p in (HERE / "both", HERE / framework) if p.is_dir()]
    command = [sys.executable, "-m", "pytest", "-q", "--framework", framework, *folders]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True)
    print(done.stdout[-6000:], done.stderr[-2000:])
    assert done.returncode == 0
    assert " passed" in done.stdout
