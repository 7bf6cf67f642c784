"""Starters are what the solutions make, and show nothing of them."""

import copy

import nbformat
import pytest

from helpers.commands import starters as command
from helpers.errors import CourseError
from helpers.grading import starters
from helpers.grading.submissions import grade_id


@pytest.mark.parametrize("framework", starters.SOLUTIONS)
def test_the_starter_is_current_and_shows_no_line_of_the_solution(framework):
    assert starters.is_current(framework), "run ./run starters"
    made = nbformat.read(starters.FOLDER / starters.SOLUTIONS[framework].name, as_version=4)
    source = starters.solution(framework)
    assert len(starters.secrets(source)) > 150
    assert starters.leaks(made, source) == []
    assert not any(cell.get("outputs") for cell in made.cells)


def test_an_injected_line_is_found(solution):
    made = starters.starter(solution)
    for line in sorted(starters.secrets(solution))[::10]:
        shown = copy.deepcopy(made)
        shown.cells[5].source += f"\n    {line}"
        assert starters.leaks(shown, solution) == [line]


def test_a_line_before_its_marker_makes_a_starter_that_is_refused(solution):
    changed = copy.deepcopy(solution)
    twice = next(c for c in changed.cells if grade_id(c) == "confused-answer")
    lines = twice.source.splitlines()
    place = next(i for i, line in enumerate(lines) if "BEGIN SOLUTION" in line)
    twice.source += f"\n{lines[place + 1]}\n"
    made = starters.starter(changed)  # the line is public now, since it stands outside
    assert starters.leaks(made, solution) == [lines[place + 1].strip()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("### END SOLUTION", ""),
        ("### BEGIN SOLUTION", ""),
        ("### BEGIN SOLUTION", "# begin solution"),
        ("### END HIDDEN TESTS", ""),
        ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST"),
    ],
)
def test_a_marker_without_its_partner_is_refused(solution, old, new):
    changed = copy.deepcopy(solution)
    cell = next(cell for cell in changed.cells if old in cell.source)
    cell.source = cell.source.replace(old, new, 1)
    with pytest.raises(CourseError):
        starters.starter(changed)


def test_the_command_notices_an_old_starter(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(starters, "FOLDER", tmp_path)
    monkeypatch.setattr(starters.is_current, "__defaults__", (tmp_path,))
    assert command.main(["--check"]) == 1 and "not current" in capsys.readouterr().out


def test_points_are_a_hundred():
    from helpers.grading import points

    for framework in starters.SOLUTIONS:
        possible = points.possible(starters.solution(framework))
        assert sum(possible.values()) == 100 and min(possible.values()) > 0
