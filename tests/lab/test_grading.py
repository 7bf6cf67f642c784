"""A folder of submissions to points: everyone is named, and everyone's trouble is their own."""

import copy
import csv
import json

import nbformat
import pytest
from labs import answered, put

from helpers.__main__ import main
from helpers.errors import CourseError
from helpers.grading import grading, points, running, starters
from helpers.grading.submissions import grade_id


def table(folder):
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture
def handed(small_lab, tmp_path):
    """Ten submissions to the small lab."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    full, two = answered(small_lab, ""), answered(small_lab, "split", "confused")
    hangs, crashes, dies, noisy, cut = (copy.deepcopy(full) for _ in range(5))
    put(hangs, "confused-answer", "while True: pass")
    put(crashes, "split-line-answer", "import no_such_module\n")
    put(dies, "unseen-auroc-answer", "import os; os._exit(1)")
    answer = next(c for c in noisy.cells if grade_id(c) == "unseen-threshold-answer")
    line = "    import sys; print('hm', file=sys.stderr)\n    return"
    answer.source = answer.source.replace("    return", line)
    cut.cells = [
        c for c in cut.cells if grade_id(c) not in ("unseen-novelty-answer", "unseen-auroc")
    ]
    evil = answered(small_lab, "split")
    forged = "class E(Exception): pass\nimport builtins; builtins.AssertionError = E\n"
    forged += "get_ipython().showtraceback = lambda *a, **k: None"
    put(evil, "confused-answer", forged)
    everyone = {
        "full": full,
        "starter": starters.starter(small_lab),
        "two": two,
        "hangs": hangs,
        "crashes": crashes,
        "dies": dies,
        "noisy": noisy,
        "cut": cut,
        "forges": evil,
    }
    for name, notebook in everyone.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (folder / "no notebook.ipynb").write_bytes(b"%PDF-1.7 a report")
    return folder


def test_ten_submissions_in_one_run(handed):
    grades = grading.grade(handed, handed, progress=False)
    rows = table(handed)
    assert len(grades) == len(rows) == 10
    earned = {name: float(row["automatic"]) for name, row in rows.items()}
    assert earned == {
        "full": 25,
        "starter": 0,
        "two": 15,
        "hangs": 15,
        "crashes": 20,
        "dies": 22,
        "noisy": 22,
        "cut": 21,
        "forges": 5,
        "no notebook": 0,
    }
    assert rows["full"]["problems"] == "" and rows["full"]["11 conclusion (by hand)"] == "to grade"
    assert rows["starter"]["11 conclusion (by hand)"] == "0" and rows["starter"]["total"] == "0"
    for name, word in {
        "hangs": "out of time",
        "dies": "died",
        "noisy": "stderr",
        "cut": "unseen-auroc",
        "no notebook": "not a notebook",
        "crashes": "NameError",
    }.items():
        assert word in rows[name]["problems"], name
    hidden = "two breeds that begin alike"
    for row in rows.values():
        page = (handed / row["feedback"]).read_text(encoding="utf-8")
        assert row["student"] in page and hidden not in page and "11 conclusion" in page
    assert "a pair" not in rows["two"]["problems"] and "confused" not in rows["two"]["problems"]


def test_points_written_by_hand_stay(handed):
    for path in handed.iterdir():
        if path.name not in ("full.ipynb", "no notebook.ipynb"):
            path.unlink()
    limits = running.Limits(cell=20, total=90)
    grading.grade(handed, handed, limits, progress=False)
    text = (handed / "grades.csv").read_text(encoding="utf-8").replace("to grade", "4.5")
    (handed / "grades.csv").write_text(text, encoding="utf-8")
    grading.grade(handed, handed, limits, progress=False)
    rows = table(handed)
    assert set(rows) == {"full", "no notebook"}, "what was written before is no submission"
    assert rows["full"]["11 conclusion (by hand)"] == "4.5" and rows["full"]["total"] == "29.5"


def test_trouble_nobody_thought_of_is_one_students_only(handed, monkeypatch):
    for path in handed.iterdir():
        if path.name not in ("full.ipynb", "starter.ipynb", "no notebook.ipynb"):
            path.unlink()
    real = running.run
    calls = []

    def breaks(*words):
        calls.append(words)
        if len(calls) == 2:  # after the solution itself, the first student
            raise RuntimeError("a bug")
        return real(*words)

    monkeypatch.setattr(running, "run", breaks)
    grading.grade(handed, handed, progress=False)
    rows = table(handed)
    assert "a bug" in rows["full"]["problems"] and "by hand" in rows["full"]["problems"]
    assert set(rows) == {"full", "starter", "no notebook"} and len(calls) == 3


def test_a_solution_that_loses_points_grades_nobody(handed, small_lab):
    put(small_lab, "confused-answer", "most_confused = None")
    nbformat.write(small_lab, starters.SOLUTIONS["pytorch"])
    with pytest.raises(CourseError, match="loses points"):
        grading.grade(handed, handed, running.Limits(cell=20, total=90), progress=False)


def test_the_feedback_runs_no_script_of_a_submission(small_lab):
    executed = copy.deepcopy(small_lab)
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    evil = nbformat.v4.new_output("display_data", {"text/html": "<script>steal()</script>"})
    executed.cells[0].outputs = [evil]
    executed.cells[1].outputs = [
        nbformat.v4.new_output("display_data", {"application/javascript": "steal()"})
    ]
    starter = starters.starter(small_lab)
    found = points.count(executed, starter)
    page = points.page("<script>steal()</script>", executed, starter, found, ["<script>steal()"])
    assert "<script>steal" not in page and "javascript" not in page.lower().split("<body>")[1]


@pytest.mark.parametrize("framework", ["pytorch"])
def test_the_real_lab_full_marks_none_and_two_tasks(framework, tmp_path, capsys):
    source = starters.solution(framework)
    nbformat.write(source, tmp_path / "solution.ipynb")
    nbformat.write(starters.starter(source), tmp_path / "starter.ipynb")
    nbformat.write(answered(source, "head", "pet"), tmp_path / "two tasks.ipynb")
    assert main(["grade", str(tmp_path)]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said == {"solution": 95, "starter": 0, "two tasks": 15}
