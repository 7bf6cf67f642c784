"""Faults that are injected on purpose, counted: how many, and how many did harm.

A test that asks for the fixture `faults` is a stress test. The suite runs it small; with
`--faults FILE` only stress tests run, with their large numbers, and each leaves a line in FILE
(`./run stress` makes a table of them). Tests marked `fault` inject one fault each: together they
leave one line for each of their files.
"""

import json
import time
from contextlib import contextmanager
from pathlib import Path

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


class OneEach:
    """A plugin that counts the tests marked `fault`. file: where their lines go."""

    def __init__(self, file: str):
        self.file, self.rows = Path(file), {}

    def pytest_runtest_logreport(self, report):
        name = dict(report.user_properties).get("fault")
        if name is None or report.skipped:
            return
        row = self.rows.setdefault(name, {"injected": 0, "lost": [], "seconds": 0.0})
        row["seconds"] += report.duration
        row["injected"] += report.when == "call"
        if report.failed:
            row["lost"].append(f"{report.nodeid} ({report.when})")

    def pytest_sessionfinish(self):
        with self.file.open("a", encoding="utf-8") as out:
            for name, row in self.rows.items():
                out.write(json.dumps({"fault": name, "where": "both", **row}) + "\n")


def chosen(items: list) -> list:
    """The stress tests among these; those that are one fault each are told their line's name."""
    kept = []
    for item in items:
        mark = item.get_closest_marker("fault")
        if mark is not None and mark.args != (False,):
            name = item.path.stem.removeprefix("test_").replace("_", " ")
            item.user_properties.append(("fault", name))
            kept.append(item)
        elif "faults" in getattr(item, "fixturenames", ()):
            kept.append(item)
    return kept


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
