"""`./run grade FOLDER`: grade the lab's submissions.

FOLDER holds a notebook or a folder of each student. It gets grades.csv and feedback/STUDENT.html.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Grade a folder; the last line printed is the points by student (JSON). Returns the code."""
    from helpers.grading import grading, sandbox

    parser = argparse.ArgumentParser(prog="./run grade", description=__doc__)
    parser.add_argument("folder", type=Path, help="a notebook or a folder of each student")
    parser.add_argument("-o", "--output", type=Path, help="where to write (default: FOLDER)")
    parser.add_argument("--seconds", type=float, help="a cell may take (default: measured)")
    parser.add_argument("--total", type=float, help="seconds a notebook may take")
    asked = parser.parse_args(arguments)
    print(sandbox.isolation().text, file=sys.stderr)
    output = asked.output or asked.folder
    limits = grading.with_limits(asked.seconds, asked.total)
    grades = grading.grade(asked.folder, output, limits)
    print(f"Written: {output / 'grades.csv'} and {output / 'feedback'}.", file=sys.stderr)
    print(grading.as_json(grades))
    return 0
