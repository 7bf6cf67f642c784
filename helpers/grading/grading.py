"""A folder of submissions to a table of points and a page of feedback for each student."""

import csv
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import nbformat

from helpers.data.archives import RESERVED
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.grading import points, running, starters, submissions

PARAMETERS = {
    "source": "drawn",
    "per_class": 4,
    "network": "efficientnet_lite0",
    "unseen": ["Persian", "keeshond"],
    "decays": [1e-2, 1e-4],
    "fine_tune_epochs": 1,
    "best": False,
    "my_pet": "",
    "seed": 0,
}
"""With these a notebook runs for grading: few drawn animals, so that a class is graded soon."""

_HAND = f"{points.TASKS[points.BY_HAND]} (by hand)"


@dataclass
class Ruler:
    """One framework's solution and starter, and what the solution needs when it is run."""

    framework: str
    limits: running.Limits | None = None
    data: Path | None = None
    solution: nbformat.NotebookNode = field(init=False)

    def __post_init__(self) -> None:
        self.solution = starters.solution(self.framework)

    @cached_property
    def starter(self) -> nbformat.NotebookNode:
        return starters.starter(self.solution)

    def check(self, keep: Path, asked: running.Limits | None) -> None:
        """Grade the solution itself: it has to get every point, and it says how long a cell may
        take. What it drew and extracted is kept for the submissions.

        Raises CourseError where the solution loses a point: nothing is graded then.
        """
        generous = running.Limits(cell=600, total=1800)
        with _room() as folder:
            (folder / "data").mkdir()
            notebook, _ = submissions.merge(self.solution, self.starter, self.solution)
            done = running.run(_with_parameters(notebook), folder, generous)
            found = points.count(done.notebook, self.starter)
            if found.lost:
                raise CourseError(
                    f"The solution for {self.framework} loses points on this machine, so nothing "
                    f"was graded: {found.lost[0]}."
                )
            shutil.copytree(folder / "data", keep, symlinks=True)
        self.data = keep
        self.limits = asked or running.Limits(
            cell=max(20.0, 6 * done.slowest), total=max(120.0, 6 * done.seconds)
        )


@dataclass
class Grade:
    """One line of the table. problems: sentences."""

    student: str
    file: str
    framework: str
    points: points.Points
    problems: list[str]
    page: str = ""


def grade(
    folder: Path, output: Path, limits: running.Limits | None = None, progress: bool = True
) -> list[Grade]:
    """Grade every submission in `folder`; write grades.csv and feedback/STUDENT.html.

    limits: by default from how long the solution takes on this machine. Points that were written
    by hand into an earlier grades.csv stay. Raises CourseError where nothing can be graded.
    """
    table, pages = output / "grades.csv", output / "feedback"
    found = submissions.find(folder, ignore=(table, pages))
    rulers: dict[str, Ruler] = {}
    grades: list[Grade] = []
    with tempfile.TemporaryDirectory(prefix="ruler-") as kept:
        for number, submission in enumerate(found, 1):
            if progress:
                print(f"{number}/{len(found)} {submission.student}", file=sys.stderr, flush=True)
            made = _safely(submission, folder, rulers, Path(kept), limits)
            grades.append(made)
            made.page = f"feedback/{_file_name(made.student)}.html"
            with replacing(output / made.page) as temporary:
                temporary.write_text(_page(made), encoding="utf-8")
            _write(table, grades)
    return grades


def _safely(submission, folder: Path, rulers, kept: Path, limits) -> Grade:
    """Grade one submission; if that fails in a way nobody thought of, the others go on."""
    try:
        return _one(submission, folder, rulers, kept, limits)
    except CourseError:  # the grader's own trouble: no solution, no room on the disk
        raise
    except Exception as error:
        said = f"It could not be graded ({type(error).__name__}: {error}): grade it by hand."
        file = str(submission.path.relative_to(folder)) if submission.path else ""
        blank = points.none(starters.solution("pytorch"))
        return Grade(submission.student, file, "", blank, [said[:300]])


def _one(submission, folder: Path, rulers, kept: Path, limits) -> Grade:
    """Grade one submission. Whatever is wrong with it is its own problem."""
    file = str(submission.path.relative_to(folder)) if submission.path else ""
    problems = [submission.problem] if submission.problem else []
    blank = starters.solution("pytorch")
    lost = Grade(submission.student, file, "", points.none(blank), problems)
    if submission.path is None:
        return lost
    try:
        submitted = submissions.read(submission.path)
        framework = submissions.framework_of(submitted)
    except CourseError as error:
        lost.problems.append(str(error))
        return lost
    if framework not in rulers:
        made = Ruler(framework)
        made.check(kept / framework, limits)
        rulers[framework] = made
    ruler = rulers[framework]
    notebook, notes = submissions.merge(ruler.solution, ruler.starter, submitted)
    with _room() as room:
        shutil.copytree(ruler.data, room / "data", symlinks=True)
        done = running.run(_with_parameters(notebook), room, ruler.limits)
    found = points.count(done.notebook, ruler.starter)
    problems += [*notes, *dict.fromkeys(done.notes)]
    if noisy := _noisy(done.notebook):
        problems.append(f"Printed to stderr: {', '.join(noisy)}.")
    made = Grade(submission.student, file, framework, found, problems)
    made.page = points.page(submission.student, done.notebook, ruler.starter, found, problems)
    return made


def _noisy(notebook) -> list[str]:
    """Names of the tests and of the student's cells that printed to stderr."""
    return [
        submissions.grade_id(cell) or f"cell {number}"
        for number, cell in enumerate(notebook.cells, 1)
        if (about := cell.metadata.get("nbgrader", {})).get("grade") or not about.get("locked")
        if any(o.output_type == "stream" and o.name == "stderr" for o in cell.get("outputs", ()))
    ]


def _with_parameters(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a cell after the parameters that sets those of grading."""
    text = "\n".join(f"{name} = {value!r}" for name, value in PARAMETERS.items())
    place = next(i for i, c in enumerate(notebook.cells) if submissions.grade_id(c) == "parameters")
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(text))
    return notebook


@contextmanager
def _room() -> Iterator[Path]:
    """An empty folder with a short path, gone at the end whatever is in it."""
    folder = Path(tempfile.mkdtemp(prefix="grade-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _page(made: Grade) -> str:
    if made.page.startswith("feedback/") or not made.page:
        empty = nbformat.v4.new_notebook()
        return points.page(made.student, empty, empty, made.points, made.problems)
    return made.page


def _file_name(student: str) -> str:
    """The student's name as a file name that every system takes."""
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", student).rstrip(". ") or "_"
    return f"_{name}" if RESERVED.fullmatch(name) else name


def _write(table: Path, grades: list[Grade]) -> None:
    by_hand = _by_hand(table)
    tasks = {task: title for task, title in points.TASKS.items() if task != points.BY_HAND}
    heads = ["student", "file", "framework", *tasks.values(), "automatic", _HAND, "total"]
    with replacing(table) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*heads, "problems", "feedback"])
        for made in grades:
            found = made.points
            hand = by_hand.get(made.student) or ("to grade" if found.by_hand else "0")
            number = _number(hand)
            total = "" if number is None else f"{found.automatic + number:g}"
            earned = [f"{found.earned[task]:g}" for task in tasks]
            row = [made.student, made.file, made.framework, *earned]
            row += [f"{found.automatic:g}", hand, total, " ".join([*made.problems, *found.lost])]
            writer.writerow([_cell(str(value)) for value in [*row, made.page]])


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") else text


def _by_hand(table: Path) -> dict[str, str]:
    """Points that somebody wrote into an earlier table."""
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error):
        return {}
    found = {row.get("student"): (row.get(_HAND) or "").strip() for row in rows}
    return {student: text for student, text in found.items() if _number(text) is not None}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def with_limits(cell: float | None, total: float | None) -> running.Limits | None:
    """Limits with these seconds; None where none was asked for."""
    chosen = {"cell": cell, "total": total}
    asked = {name: value for name, value in chosen.items() if value is not None}
    return replace(running.Limits(), **asked) if asked else None


def as_json(grades: list[Grade]) -> str:
    """Points by student, for machines."""
    return json.dumps({made.student: made.points.automatic for made in grades}, ensure_ascii=False)
