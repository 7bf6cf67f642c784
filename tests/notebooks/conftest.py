"""What tests of notebooks need: a way to run one, away from the internet and from this data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DEAD = "http://127.0.0.1:9"
"""A port where nothing answers: what asks it, is offline."""


def run(words, data: Path, mirror: str | None = None, timeout: float = 900, **more):
    """`python WORDS` in the repository, with a data folder of its own; offline but for `mirror`."""
    environment = {**os.environ, "COURSE_DATA": str(data), **more}
    environment |= {"HTTP_PROXY": DEAD, "HTTPS_PROXY": DEAD, "NO_PROXY": "localhost"}
    environment.pop("COURSE_MIRROR", None)
    if mirror:
        environment["COURSE_MIRROR"] = mirror
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


@pytest.fixture(scope="session")
def drawn_data(tmp_path_factory) -> Path:
    """A data folder for offline runs. The twins share it, as a student's twins do."""
    return tmp_path_factory.mktemp("drawn-data")
