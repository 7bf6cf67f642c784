"""`./run stress`: inject faults by the thousand and count what was lost."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers.paths import REPOSITORY

FRAMEWORKS = ("pytorch", "tensorflow")


def main(arguments: Sequence[str]) -> int:
    """Run the long versions of all stress tests; further words go to pytest.

    Prints a table. Returns 0, or 1 where anything was lost or a test did not come to its end.
    """
    parser = argparse.ArgumentParser(prog="./run stress", description=__doc__)
    _, words = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "faults.jsonl"
        file.touch()
        common = [sys.executable, "-m", "pytest", "-q", "--no-header", "--faults", str(file)]
        runs = [["tests"], *(["--framework", name, "tests/both"] for name in FRAMEWORKS)]
        codes = [subprocess.run([*common, *run, *words], cwd=REPOSITORY).returncode for run in runs]
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    print(table(rows))
    failed = any(row["lost"] for row in rows) or any(code not in (0, 5) for code in codes)
    return int(failed or not rows)


def table(rows: Sequence[dict]) -> str:
    """One line for each kind of fault, then what was lost, one line each.

    rows: dictionaries with fault, where, injected, lost (a list of sentences) and seconds.
    """
    width = max((len(row["fault"]) for row in rows), default=5)
    head = f"{'fault':{width}}  {'framework':10}  injected  survived  lost  seconds"
    lines = [head, "-" * len(head)]
    for row in rows:
        injected, lost = row["injected"], len(row["lost"])
        lines.append(
            f"{row['fault']:{width}}  {row['where']:10}  {injected:8,}  {injected - lost:8,}  "
            f"{lost:4,}  {row['seconds']:7.1f}"
        )
    injected, lost = sum(row["injected"] for row in rows), sum(len(row["lost"]) for row in rows)
    lines.append("-" * len(head))
    lines.append(f"{'all':{width}}  {'':10}  {injected:8,}  {injected - lost:8,}  {lost:4,}")
    lines += [f"LOST {row['fault']}: {what}" for row in rows for what in row["lost"]]
    return "\n".join(lines)
