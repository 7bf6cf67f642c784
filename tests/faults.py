"""Faults that are injected on purpose, counted: how many, and how many did harm.

A test that asks for the fixture `faults` is a stress test. The suite runs it small; with
`--faults FILE` only stress tests run, with their large numbers, and each leaves a line in FILE
(`./run stress` makes a table of them).
"""

import json
import time
from contextlib import contextmanager

import pytest


class Faults:
    """The faults of one test. long: whether the large numbers are wanted."""

    def __init__(self, long: bool):
        self.long, self.injected, self.lost = long, 0, []

    def amount(self, short: int, long: int) -> int:
        """How many faults to inject."""
        return long if self.long else short

    @contextmanager
    def one(self, what=""):
        """One fault, with what must hold after it. An error inside is a loss, and is kept."""
        self.injected += 1
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:
            self.lost.append(f"{what}: {type(error).__name__}: {error}")


@pytest.fixture
def faults(request, pytestconfig):
    file = pytestconfig.getoption("--faults")
    counted, start = Faults(long=file is not None), time.monotonic()
    yield counted
    framework = pytestconfig.getoption("--framework")
    row = {
        "fault": request.node.name.removeprefix("test_").replace("_", " "),
        "where": framework or "both",
        "injected": counted.injected,
        "lost": counted.lost,
        "seconds": time.monotonic() - start,
    }
    if file:
        with open(file, "a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
    assert counted.injected, "no fault was injected"
    assert not counted.lost, "\n".join(counted.lost[:20])
