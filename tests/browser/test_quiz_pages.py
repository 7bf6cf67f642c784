"""The quizzes in JupyterLab: right and wrong are told apart, and Hebrew runs right to left."""

import shutil

import pytest
from jupyter_lab import CONTRAST

from helpers import quiz
from helpers.lessons import NOTEBOOKS


@pytest.fixture
def opened(lab, page):
    """Quiz.ipynb, run to its end."""
    shutil.copy(NOTEBOOKS / "Quiz.ipynb", lab.folder)
    lab.open(page, "Quiz.ipynb")
    lab.run_all(page, minutes=2)
    return page


def test_a_quiz_in_jupyterlab(opened, shoot):
    shoot(opened, "quiz-opened")
    _answers(opened, shoot)
    _hebrew(opened, shoot)


def _answers(page, shoot) -> None:
    question = next(q for q in quiz.load("before") if q["type"] == "multiple_choice")
    block = page.locator(".course-quiz[lang=en] .Quiz").filter(has_text=question["question"]).first
    block.scroll_into_view_if_needed()
    for right in (False, True):
        answer = next(a for a in question["answers"] if a["correct"] == right)
        button = block.locator(".MCButton").filter(has_text=answer["answer"])
        button.click()
        kind = "correct" if right else "incorrect"
        assert f"{kind}Button" in button.get_attribute("class")
        feedback = block.locator(".Feedback")
        assert kind in feedback.get_attribute("class").split()
        assert answer["feedback"] in feedback.inner_text()
        page.wait_for_timeout(700)  # the colour fades in
        assert button.evaluate(CONTRAST) >= 4.5
        shoot(page, f"quiz-{'right' if right else 'wrong'}")


def _hebrew(page, shoot) -> None:
    block = page.locator(".course-quiz[lang=he] .Quiz").first
    block.scroll_into_view_if_needed()
    shoot(page, "quiz-hebrew")
    assert block.evaluate("b => getComputedStyle(b).direction") == "rtl"
    button = block.locator(".MCButton").first
    ends = button.evaluate(
        """b => { const range = document.createRange(); range.selectNodeContents(b);
        const text = range.getBoundingClientRect(), box = b.getBoundingClientRect();
        return [text.left - box.left, box.right - text.right]; }"""
    )
    assert ends[1] < ends[0], f"the text begins at the left: {ends}"
