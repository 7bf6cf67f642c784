"""`./run test`: the linter, then every test."""

import subprocess
import sys
from collections.abc import Sequence

from helpers.paths import REPOSITORY


def main(arguments: Sequence[str]) -> int:
    """Run ruff and pytest; `arguments` go to pytest. Returns the first exit code that is not 0."""
    commands = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["pytest", *arguments],
    ]
    codes = [
        subprocess.run([sys.executable, "-m", *command], cwd=REPOSITORY).returncode
        for command in commands
    ]
    return next((code for code in codes if code), 0)
