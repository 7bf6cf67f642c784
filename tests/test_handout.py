"""Students get the same notebook, less its answers and outputs."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import lessons
from helpers.commands import handout

WITH_EXERCISES = [path for path in lessons.notebooks() if "Exercises" in path.read_text("utf-8")]


def sources(notebook) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def check(student, instructor) -> None:
    """The versions differ in nothing but answers and outputs."""
    asked = [cell for cell in instructor.cells if not lessons.is_answer(cell)]
    assert sources(student) == [(cell.cell_type, cell.source) for cell in asked]
    assert not any(cell.get("outputs") for cell in student.cells)
    assert all(cell.get("execution_count") is None for cell in student.cells)


@pytest.mark.parametrize("path", lessons.notebooks(), ids=lambda path: path.stem)
def test_every_lesson(path, tmp_path):
    student, instructor = map(lessons.read, handout.write(path, tmp_path))
    check(student, instructor)
    assert instructor == lessons.read(path)


def exercises(notebook) -> list[str]:
    """The numbers of the exercises, from the list that its last cell but the answers ends with."""
    last = [cell for cell in notebook.cells if not lessons.is_answer(cell)][-1].source
    return re.findall(r"^(\d+)\. ", last.partition("Exercises")[2], re.MULTILINE)


@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_every_exercise_has_an_answer_that_students_do_not_get(path):
    notebook = lessons.read(path)
    answers = [cell.source for cell in notebook.cells if lessons.is_answer(cell)]
    numbers = exercises(notebook)
    assert len(numbers) >= 3
    assert [text.splitlines()[0] for text in answers] == [f"### Answer {n}" for n in numbers]
    assert all(lessons.is_answer(cell) for cell in notebook.cells[-len(answers) :])
    for text in answers:
        blocks = re.findall(r"^```python\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)
        assert text.count("```") == 2 * len(blocks) > 0
        for block in blocks:
            compile(block, path.name, "exec")
    told = {cell.source for cell in handout.for_students(notebook).cells}
    assert not told & set(answers)


def test_answers_and_outputs_are_left_out(tmp_path):
    path = tmp_path / "Lesson.ipynb"
    cells = [
        new_markdown_cell("## Exercise"),
        new_code_cell(
            "1 + 1",
            execution_count=3,
            outputs=[new_output("execute_result", {"text/plain": "2"}, execution_count=3)],
        ),
        new_markdown_cell("It is two.", metadata={"tags": ["answer"]}),
        new_code_cell("SECRET = 2", metadata={"tags": ["answer"]}),
    ]
    nbformat.write(new_notebook(cells=cells, metadata={"widgets": {"state": {}}}), path)
    student_path, instructor_path = handout.write(path, tmp_path / "out")
    student, instructor = lessons.read(student_path), lessons.read(instructor_path)
    check(student, instructor)
    assert len(student.cells) == 2 and len(instructor.cells) == 4
    assert instructor.cells[1].outputs and "widgets" not in student.metadata
    assert "SECRET" not in student_path.read_text(encoding="utf-8")


def test_a_notebook_without_outputs_is_announced(tmp_path, capsys):
    path = tmp_path / "Lesson.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), path)
    handout.write(path, tmp_path / "out")
    assert "./run store" in capsys.readouterr().err
