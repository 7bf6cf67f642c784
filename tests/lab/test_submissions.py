"""What students hand in: found, read, mended."""

import nbformat
import pytest
from labs import answered

from helpers.data.archives import _Names
from helpers.errors import CourseError
from helpers.grading import grading, starters, submissions
from helpers.grading.submissions import grade_id


def test_every_entry_of_the_folder_is_one_submission(tmp_path):
    (tmp_path / "anna.ipynb").write_text("{}")
    (tmp_path / "ben").mkdir()
    (tmp_path / "ben" / "week 3").mkdir()
    (tmp_path / "ben" / "week 3" / "PetBreedsTF.ipynb").write_text("{}")
    (tmp_path / "ben" / "other.ipynb").write_text("{}")
    (tmp_path / "carla").mkdir()
    (tmp_path / "דנה.ipynb").write_text("{}")
    (tmp_path / "eve.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "anna.pdf").write_bytes(b"")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "grades.csv").write_text("")
    found = submissions.find(tmp_path, ignore=(tmp_path / "grades.csv",))
    assert [s.student for s in found] == ["anna.ipynb", "anna.pdf", "ben", "carla", "eve", "דנה"]
    assert found[2].path.name == "PetBreedsTF.ipynb"
    assert [bool(s.problem) for s in found] == [False, False, False, True, True, False]


def test_a_folder_that_is_none_or_empty_says_so(tmp_path):
    with pytest.raises(CourseError, match="no folder"):
        submissions.find(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="empty"):
        submissions.find(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"cells": 3, "nbformat": 4}', b"null"],
)
def test_what_is_no_notebook_of_the_lab_is_refused(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError):
        submissions.framework_of(submissions.read(path))


def test_the_framework_is_known_without_metadata():
    for framework in ("pytorch", "tensorflow"):
        made = starters.starter(starters.solution(framework))
        assert submissions.framework_of(made) == framework
        del made.metadata["lab"]
        assert submissions.framework_of(made) == framework


def test_locked_cells_come_from_the_solution_and_deleted_ones_come_back(solution):
    starter = starters.starter(solution)
    handed = answered(solution, "data")
    handed.cells = [c for c in handed.cells if not grade_id(c).startswith(("head-answer", "pet"))]
    test = next(c for c in handed.cells if grade_id(c) == "data-table")
    test.source = "pass"
    handed.cells.insert(4, nbformat.v4.new_code_cell("mine = 1"))
    handed.cells.append(test.copy())
    merged, notes = submissions.merge(solution, starter, handed)
    names = [grade_id(c) for c in merged.cells if grade_id(c)]
    assert names == [grade_id(c) for c in solution.cells if grade_id(c)]
    by_name = {grade_id(c): c for c in merged.cells}
    source = {grade_id(c): c for c in solution.cells}
    assert by_name["data-table"].source == source["data-table"].source
    assert by_name["data-table-answer"].source == source["data-table-answer"].source
    assert "NotImplementedError" in by_name["head-answer"].source
    assert merged.cells[4].source == "mine = 1"
    assert len(notes) == 1 and "head-answer" in notes[0] and "pet" in notes[0]
    nbformat.validate(merged)


@pytest.mark.parametrize("student", ["a:b", 'a"b?', "CON", "nul.txt", "..", "x. ", "", "דנה כהן"])
def test_pages_have_names_that_every_system_can_write(student):
    _Names().add(f"{grading._file_name(student)}.html", False)
