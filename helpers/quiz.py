"""The quizzes before and after the lesson: read, checked, and shown in a notebook.

A quiz is a JSON file in `notebooks/quiz`, in the format of jupyterquiz
(https://github.com/jmshea/jupyterquiz), with an `id` for every question. Texts may hold simple
HTML such as <code>; formulas are written in it, because nothing here loads MathJax.
"""

import html
import json
import re
from uuid import uuid4

from helpers.errors import CourseError
from helpers.paths import REPOSITORY

FOLDER = REPOSITORY / "notebooks" / "quiz"
LANGUAGES = ("en", "he")
CHOICES = ("multiple_choice", "many_choice")
TYPES = (*CHOICES, "numeric", "string")

# White text on each of these has a contrast of at least 4.5 : 1. Right and wrong are Okabe and
# Ito's blue and a darker shade of their vermilion; marks in quiz.css say the same.
_COLOURS = {
    "--jq-multiple-choice-bg": "#1f3a5f",
    "--jq-many-choice-bg": "#5b2a5e",
    "--jq-numeric-bg": "#0b4f45",
    "--jq-string-bg": "#4a3b00",
    "--jq-numeric-input-bg": "#333333",
    "--jq-text-color": "#ffffff",
    "--jq-link-color": "#9ad1f5",
    "--jq-correct-color": "#0072b2",
    "--jq-incorrect-color": "#b34a00",
}
_PROMPTS = {  # what jupyterquiz says in English only
    "en": {
        "Type numeric answer here:": "Type a number, then press Enter:",
        "Type your answer here:": "Type a word, then press Enter:",
    },
    "he": {
        "Type numeric answer here:": "הקלידו מספר והקישו Enter:",
        "Type your answer here:": "הקלידו מילה והקישו Enter:",
    },
}
_ANSWERS = {"en": "Answers", "he": "תשובות"}
_OTHERWISE = {"en": "anything else", "he": "כל תשובה אחרת"}


def load(name: str, language: str = "en") -> list[dict]:
    """The questions of the quiz `name` ("before" or "after") in `language` ("en" or "he").

    Raises CourseError where there is no such quiz, or where a question of it is malformed.
    """
    path = FOLDER / f"{name}.{language}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.name.removesuffix(".json") for p in FOLDER.glob("*.json")))
        raise CourseError(
            f"There is no quiz {name!r} in language {language!r}: choose one of {known}."
        )
    try:
        questions = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CourseError(f"The quiz {path.name} is not valid JSON ({error}): mend it.") from None
    check(questions, path.name)
    return questions


def check(questions: list[dict], where: str = "the quiz") -> None:
    """Raise CourseError, naming the question, unless every question can be asked and teaches.

    That is: an id of its own, a known type, a text, answers that fit the type, the right number
    of right answers (one for multiple_choice, at least two for many_choice, at least one for
    the others), and feedback on every answer. What is typed also needs a "default" answer.
    """
    if not isinstance(questions, list) or not questions:
        raise CourseError(f"{where} holds no list of questions: write at least one.")
    seen = set()
    for number, question in enumerate(questions, 1):
        name = question.get("id") if isinstance(question, dict) else None
        fault = _fault(question) if name else 'it has no "id"'
        if name in seen:
            fault = "another question has the same id"
        if fault:
            raise CourseError(f"Question {name or number} of {where} cannot be asked: {fault}.")
        seen.add(name)


def _fault(question: dict) -> str | None:
    kind, answers = question.get("type"), question.get("answers")
    if kind not in TYPES:
        return f"its type is {kind!r}, not one of {', '.join(TYPES)}"
    if not _is_text(question.get("question")):
        return "it has no text"
    if not isinstance(answers, list) or len(answers) < 2:
        return "it needs at least two answers"
    for number, answer in enumerate(answers, 1):
        if not isinstance(answer, dict) or not _is_text(answer.get("feedback")):
            return f"its answer {number} has no feedback"
        default = answer.get("type") == "default" and kind not in CHOICES
        if not default and not isinstance(answer.get("correct"), bool):
            return f'its answer {number} does not say whether it is "correct"'
        if not default and not _fits(answer, kind):
            return f"its answer {number} does not fit the type {kind}"
    right = sum(answer.get("correct", False) for answer in answers)
    if right == 0:
        return "it has no right answer"
    if kind == "multiple_choice" and right > 1:
        return f"it has {right} right answers, which only many_choice may have"
    if kind == "many_choice" and right < 2:
        return "it has one right answer only, so its type is multiple_choice"
    if kind not in CHOICES and not any(a.get("type") == "default" for a in answers):
        return 'it has no "default" answer for what nobody foresaw'
    return None


def _is_text(value) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _fits(answer: dict, kind: str) -> bool:
    if kind != "numeric":
        return _is_text(answer.get("answer"))
    if "range" not in answer:
        return _is_number(answer.get("value"))
    limits = answer["range"]
    if not isinstance(limits, list) or len(limits) != 2 or not all(map(_is_number, limits)):
        return False
    return limits[0] < limits[1]


def text(name: str, language: str = "en") -> str:
    """The quiz in plain text, without its answers: for places that show no HTML."""
    lines = []
    for number, question in enumerate(load(name, language), 1):
        lines.append(f"{number}. {_plain(question['question'])}")
        lines += [f"      {line}" for line in question.get("code", "").splitlines()]
        if question["type"] in CHOICES:
            lines += [f"   ( ) {_plain(answer['answer'])}" for answer in question["answers"]]
    return "\n".join(lines)


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"</?[a-z]+>", "", markup))


def show(name: str, language: str = "en") -> None:
    """Show a quiz to be clicked through, right to left where the language is Hebrew.

    Where scripts do not run (a notebook read on GitHub), the questions stand there as a list
    with their answers folded away; where there is no HTML either, as plain text.
    Raises what `load` raises.
    """
    from IPython.display import display

    plain = text(name, language)
    display({"text/html": page(name, language), "text/plain": plain}, raw=True)


def page(name: str, language: str = "en") -> str:
    """The HTML of a quiz, complete in itself: styles, script and a list for where scripts rest.

    Everything is in the page: nothing is fetched. Needs a running IPython (a notebook has one).
    """
    questions = load(name, language)
    container, script = _jupyterquiz(questions, language)
    direction = "rtl" if language == "he" else "ltr"
    style = (FOLDER / "quiz.css").read_text(encoding="utf-8")
    return (
        f'<div class="course-quiz" dir="{direction}" lang="{language}">\n'
        f"{container}</div>\n{_list(questions, language)}\n</div>\n"
        f"<style>\n{style}</style>\n<script>\n{script}\n</script>"
    )


def _jupyterquiz(questions: list[dict], language: str) -> tuple[str, str]:
    """The container (left open) and the script that jupyterquiz would display."""
    from IPython.utils.capture import capture_output
    from jupyterquiz import display_quiz

    side = "right" if language == "he" else "left"
    with capture_output() as caught:
        display_quiz(questions, colors=_COLOURS, max_width=760, question_alignment=side)
    container = caught.outputs[0].data["text/html"]
    script = caught.outputs[1].data["application/javascript"].replace("</", "<\\/")
    # jupyterquiz draws its id from `random`, which notebooks seed: two open ones could share it.
    theirs, ours = re.search(r'id="(\w+)"', container)[1], f"quiz{uuid4().hex}"
    container, script = container.replace(theirs, ours), script.replace(theirs, ours)
    for theirs, ours in _PROMPTS[language].items():
        script = script.replace(theirs, ours)
    # jupyterquiz fetches MathJax from the internet where JupyterLab's own has no typesetter.
    # Inside this function it finds none at all, and leaves it alone.
    return container, f"(function (MathJax) {{\n{script}\n}})();"


def _list(questions: list[dict], language: str) -> str:
    items = []
    for question in questions:
        code = f"<pre><code>{question['code']}</code></pre>" if "code" in question else ""
        offered = ""
        if question["type"] in CHOICES:
            offered = "".join(f"<li>{a['answer']}</li>" for a in question["answers"])
        told = "".join(f"<li>{_told(answer, language)}</li>" for answer in question["answers"])
        items.append(
            f"<li><p>{question['question']}</p>{code}<ul>{offered}</ul>"
            f"<details><summary>{_ANSWERS[language]}</summary><ul>{told}</ul></details></li>"
        )
    return f'<ol class="course-quiz-list">{"".join(items)}</ol>'


def _told(answer: dict, language: str) -> str:
    if "range" in answer:
        given = f"<bdi>{answer['range'][0]}–{answer['range'][1]}</bdi>"
    else:
        given = answer.get("answer", answer.get("value", _OTHERWISE[language]))
    return f"{'✓' if answer.get('correct') else '✗'} <b>{given}</b>: {answer['feedback']}"
