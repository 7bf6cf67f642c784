"""`./run notebook`: open JupyterLab."""

import subprocess
import sys
from collections.abc import Sequence

from helpers.paths import REPOSITORY


def main(arguments: Sequence[str]) -> int:
    """Start JupyterLab in the repository; `arguments` go to it. Returns its exit code."""
    command = [sys.executable, "-m", "jupyterlab", *arguments]
    return subprocess.run(command, cwd=REPOSITORY).returncode
