"""What a classifier says of one photograph, and how a folder of them is put to it."""

import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.errors import CourseError


@dataclass(frozen=True)
class Answer:
    """path: the photograph. name: the most probable class. probability: in [0, 1].
    probabilities: of every class, by name."""

    path: Path
    name: str
    probability: float
    probabilities: dict[str, float]

    def __str__(self) -> str:
        return f"{self.path}: {self.name} ({self.probability:.1%})"


def answers(paths: Sequence, probabilities: np.ndarray, class_names: Sequence[str]) -> list[Answer]:
    """Probabilities (n, classes) as answers."""
    return [
        Answer(
            Path(path),
            class_names[int(row.argmax())],
            float(row.max()),
            dict(zip(class_names, row.tolist(), strict=True)),
        )
        for path, row in zip(paths, probabilities, strict=True)
    ]


def predict_folder(load: Callable, arguments: Sequence[str] | None, program: str) -> int:
    """`MODEL FOLDER` on the command line: prints CSV, one line a photograph.

    Columns: file, class, probability, problem. A file that cannot be decoded has a problem and
    no class. Returns the exit code: 0, or 2 with one sentence on stderr.
    """
    import argparse

    from helpers.data import doctor

    parser = argparse.ArgumentParser(prog=program, description="Classify a folder of photographs.")
    parser.add_argument("model", help="a classifier the course saved")
    parser.add_argument("folder", help="photographs, also in sub-folders; or one file")
    chosen = parser.parse_args(arguments)
    try:
        where = Path(chosen.folder)
        report = doctor.check([where] if where.is_file() else where, progress=False, remember=False)
        if not report.readable and not report.unreadable:
            raise CourseError(
                f"{where} holds no photographs: name a folder with JPEG or PNG files."
            )
        found = load(chosen.model).classify(report.readable)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    rows = [(a.path, a.name, f"{a.probability:.4f}", "") for a in found]
    rows += [(path, "", "", reason) for path, reason in report.unreadable]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("file", "class", "probability", "problem"))
    writer.writerows(sorted(rows, key=lambda row: str(row[0])))
    return 0
