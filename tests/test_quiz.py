"""The quizzes teach, can be answered, and are the same in both languages."""

import copy
import json
import random
import re
from itertools import pairwise

import pytest

from helpers import quiz
from helpers.errors import CourseError

NAMES = ("before", "after")
BOTH = [(name, language) for name in NAMES for language in quiz.LANGUAGES]
HEBREW = re.compile("[א-ת]")


@pytest.fixture
def question():
    return {
        "id": "sum",
        "type": "multiple_choice",
        "question": "1 + 1?",
        "answers": [
            {"answer": "2", "correct": True, "feedback": "Yes."},
            {"answer": "3", "correct": False, "feedback": "One too many."},
        ],
    }


@pytest.fixture
def shell():
    """A running IPython, as a notebook has one: without it nothing can be displayed."""
    from IPython.core.interactiveshell import InteractiveShell

    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_every_quiz_passes_its_check_and_has_several_kinds(name, language):
    questions = quiz.load(name, language)
    assert len(questions) >= 8
    assert len({question["type"] for question in questions}) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_ask_the_same(name):
    english, hebrew = quiz.load(name, "en"), quiz.load(name, "he")
    assert [_skeleton(question) for question in english] == [_skeleton(q) for q in hebrew]


def _skeleton(question):
    answers = [
        {key: answer.get(key) for key in ("type", "correct", "value", "range")}
        for answer in question["answers"]
    ]
    return question["id"], question["type"], question.get("code"), answers


@pytest.mark.parametrize("name", NAMES)
def test_hebrew_is_hebrew_and_english_is_not(name):
    for question in quiz.load(name, "he"):
        assert all(map(HEBREW.search, _prose(question))), question["id"]
    for question in quiz.load(name, "en"):
        assert not any(map(HEBREW.search, _prose(question))), question["id"]


def _prose(question):
    yield question["question"]
    for answer in question["answers"]:
        yield answer["feedback"]
        if question["type"] in quiz.CHOICES:
            yield answer["answer"]


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_formulas_stand_in_code_and_nothing_asks_for_mathjax(name, language):
    for question in quiz.load(name, language):
        for prose in _prose(question):
            assert "$" not in prose and "\\(" not in prose
            assert prose.count("<code>") == prose.count("</code>")
            if language == "he":  # signs that change places between Hebrew letters
                outside = re.sub("<code>.*?</code>", "", prose)
                assert not re.search(r"[=√×+\[\]]|\d ?[/,] ?\d(?!\d\d)", outside), prose


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_cannot_be_guessed_from_its_place_or_length(name):
    choices = [q for q in quiz.load(name) if q["type"] == "multiple_choice"]
    places = [[a["correct"] for a in q["answers"]].index(True) for q in choices]
    assert len(set(places)) >= 3
    longest = [max(q["answers"], key=lambda a: len(a["answer"]))["correct"] for q in choices]
    assert sum(longest) < len(choices)


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_what_is_typed_is_judged_once(name, language):
    for question in quiz.load(name, language):
        typed = [answer for answer in question["answers"] if answer.get("type") != "default"]
        if question["type"] == "string":
            words = [answer["answer"].lower() for answer in typed]
            assert len(words) == len(set(words)), question["id"]
        if question["type"] == "numeric":
            spans = sorted(a.get("range") or [a["value"], a["value"]] for a in typed)
            for (_, end), (start, _) in pairwise(spans):
                assert end < start, question["id"]
            assert all(low >= 0 for low, _ in spans)  # a minus sign is easily forgotten


def test_a_good_question_passes(question):
    quiz.check([question])


def _wrong_only(q):
    q["answers"][0]["correct"] = False


def _no_feedback(q):
    del q["answers"][1]["feedback"]


def _blank_feedback(q):
    q["answers"][0]["feedback"] = " "


def _two_right(q):
    q["answers"][1]["correct"] = True


def _many_with_one(q):
    q["type"] = "many_choice"


def _unknown_type(q):
    q["type"] = "essay"


def _no_text(q):
    q["question"] = ""


def _correct_as_text(q):
    q["answers"][0]["correct"] = "true"


def _one_answer(q):
    q["answers"].pop()


def _upside_down(q):
    q["type"] = "numeric"
    q["answers"] = [
        {"type": "range", "range": [3, 1], "correct": True, "feedback": "Yes."},
        {"type": "default", "feedback": "No."},
    ]


def _no_default(q):
    q["type"] = "string"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_wrong_only, "no right answer"),
        (_no_feedback, "answer 2 has no feedback"),
        (_blank_feedback, "answer 1 has no feedback"),
        (_two_right, "2 right answers"),
        (_many_with_one, "one right answer only"),
        (_unknown_type, "'essay'"),
        (_no_text, "no text"),
        (_correct_as_text, '"correct"'),
        (_one_answer, "two answers"),
        (_upside_down, "does not fit"),
        (_no_default, '"default"'),
    ],
)
def test_a_spoilt_question_is_refused_by_name(question, spoil, reason):
    spoil(question)
    with pytest.raises(CourseError, match=f"Question sum .*{re.escape(reason)}"):
        quiz.check([question])


def test_a_repeated_or_missing_id_is_refused(question):
    with pytest.raises(CourseError, match="same id"):
        quiz.check([question, copy.deepcopy(question)])
    del question["id"]
    with pytest.raises(CourseError, match=r'Question 1 .* no "id"'):
        quiz.check([question])


def test_an_unknown_quiz_names_the_known_ones():
    with pytest.raises(CourseError, match=r"'fr'.*after\.en, .*before\.he"):
        quiz.load("before", "fr")


def test_a_broken_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(quiz, "FOLDER", tmp_path)
    (tmp_path / "before.en.json").write_text("[", encoding="utf-8")
    with pytest.raises(CourseError, match=r"before\.en\.json is not valid JSON"):
        quiz.load("before")
    (tmp_path / "before.en.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CourseError, match="no list of questions"):
        quiz.load("before")


def test_plain_text_has_every_question_and_no_markup():
    text = quiz.text("after", "he")
    assert all(f"\n{number}. " in f"\n{text}" for number in range(1, len(quiz.load("after")) + 1))
    assert "network.train()" in text and "<code>" not in text


@pytest.mark.parametrize("language", quiz.LANGUAGES)
def test_the_page_turns_with_the_language_and_fetches_nothing(shell, language):
    page = quiz.page("after", language)
    assert f'dir="{"rtl" if language == "he" else "ltr"}"' in page
    assert ("Type a number, then press Enter:" in page) == (language == "en")
    assert "Type numeric answer here:" not in page
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)[1]
    assert "</" not in script  # or the browser would end the script there
    assert script.strip().startswith("(function (MathJax) {") and script.strip().endswith("})();")
    outside = page.replace(script, "")
    assert "http" not in outside and page.count("<div") == page.count("</div>")


def test_seeded_notebooks_side_by_side_have_quizzes_of_their_own(shell):
    containers = set()
    for _ in range(2):
        random.seed(0)
        containers.add(re.search(r'id="(\w+)"', quiz.page("before"))[1])
    assert len(containers) == 2


def test_the_page_reads_without_scripts(shell):
    page = quiz.page("before", "en")
    folded = re.search(r'<ol class="course-quiz-list">.*</ol>', page, re.DOTALL)[0]
    questions = quiz.load("before")
    assert folded.count("<details>") == len(questions)
    for question in questions:
        assert question["question"] in folded
        assert all(answer["feedback"] in folded for answer in question["answers"])


def test_show_offers_html_and_plain_text(shell):
    from IPython.utils.capture import capture_output

    with capture_output() as caught:
        quiz.show("before", "he")
    (shown,) = caught.outputs
    assert set(shown.data) == {"text/html", "text/plain"}
    assert shown.data["text/plain"] == quiz.text("before", "he")


def test_the_notebook_shows_both_quizzes_in_both_languages():
    notebook = json.loads((quiz.FOLDER.parent / "Quiz.ipynb").read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    assert cells["parameters"]["metadata"]["tags"] == ["parameters"]
    shown = [cell for cell in notebook["cells"] if "quiz.show(" in "".join(cell["source"])]
    assert len(shown) == 4
    for cell in shown:
        (output,) = cell["outputs"]
        assert "".join(output["data"]["text/html"]).count("<details>") >= 8
