"""Each framework has a process of its own: they must not meet in one.

`pytest` runs the neutral tests, and `test_frameworks.py` starts one more pytest for each framework.
`pytest --framework pytorch` runs everything for that framework in this process.
"""

from pathlib import Path

import pytest
from faults import OneEach, chosen, faults

HERE = Path(__file__).parent
FRAMEWORKS = ("pytorch", "tensorflow")
__all__ = ["faults"]


def pytest_addoption(parser):
    parser.addoption("--framework", choices=FRAMEWORKS, help="whose tests to run")
    parser.addoption("--long", action="store_true", help="only what is too long for every night")
    parser.addoption("--faults", metavar="FILE", help="only stress tests, large; count in FILE")


def pytest_collection_modifyitems(config, items):
    long = config.getoption("--long")
    items[:] = [item for item in items if bool(item.get_closest_marker("long")) == long]
    if config.getoption("--faults"):
        items[:] = chosen(items)


def pytest_configure(config):
    """Naming a framework's tests without naming the framework would run nothing: say so."""
    config.addinivalue_line("markers", "long: too long for every night")
    config.addinivalue_line("markers", "fault: one injected fault (fault(False): none)")
    if file := config.getoption("--faults"):
        config.pluginmanager.register(OneEach(file))
    if config.getoption("--framework") is None:
        for argument in config.args:
            path = (Path(config.invocation_params.dir) / argument.split("::")[0]).resolve()
            if _home(path) is not None:
                raise pytest.UsageError(f"{argument} needs --framework pytorch or tensorflow")


def pytest_ignore_collect(collection_path, config):
    """Leave out the tests of a framework that was not asked for."""
    chosen, home = config.getoption("--framework"), _home(collection_path)
    if home is None:
        starts_both = collection_path.name == "test_frameworks.py"
        return True if chosen and starts_both else None
    return None if chosen and home in ("both", chosen) else True


def _home(path: Path) -> str | None:
    """The folder of framework tests that a path is in."""
    if not path.is_relative_to(HERE) or path == HERE:
        return None
    top = path.relative_to(HERE).parts[0]
    return top if top in ("both", *FRAMEWORKS) else None
