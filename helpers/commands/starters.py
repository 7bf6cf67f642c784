"""`./run starters`: write the lab's starters from its solutions."""

import argparse
from collections.abc import Sequence

from helpers.grading import starters


def main(arguments: Sequence[str]) -> int:
    """Write both starters, or only compare them. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="./run starters", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether they are current")
    if not parser.parse_args(arguments).check:
        for framework in starters.SOLUTIONS:
            print(starters.write(framework))
        return 0
    old = [name for name in starters.SOLUTIONS if not starters.is_current(name)]
    for framework in old:
        print(f"{starters.SOLUTIONS[framework].name} is not current: run ./run starters")
    return 1 if old else 0
