"""Executed twice, a notebook publishes the same numbers. The lesson's second run is compared with
its stored one in test_transfer.py; the others run twice, quickly, in `./run stress`."""

import pytest
import test_adversarial
import test_tricks_notebooks
from conftest import run
from stored import differences

from helpers import results

TOLERANCE = 1e-3
"""Two runs on one machine may differ by this much, absolutely or relatively."""
PARAMETERS = {
    name: module.QUICK
    for module in (test_adversarial, test_tricks_notebooks)
    for name in module.NOTEBOOKS.values()
}


@pytest.mark.fault
@pytest.mark.parametrize("name", PARAMETERS)
def test_the_same_numbers(name, drawn_data, pytestconfig):
    if not pytestconfig.getoption("--faults"):
        pytest.skip("it takes minutes: ./run stress")
    published = []
    for number in range(2):
        executed = drawn_data / f"{number} {name}"
        words = ["-m", "helpers", "execute", f"notebooks/{name}", "-o", executed]
        for key, value in PARAMETERS[name].items():
            words += ["-p", key, value]
        done = run(words, drawn_data)
        assert done.returncode == 0, done.stderr[-2000:]
        published.append(results.read(executed))
    assert differences(*published, TOLERANCE) == []
