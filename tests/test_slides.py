"""Decks: complete in themselves, with notes, without answers where that is asked for."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import lessons, slides
from helpers.commands import slides as command
from helpers.slides.exporter import formula
from helpers.slides.prose import LONGEST, at_headings, shortened

LONG = " ".join(f"Sentence {word} says something." for word in "abcdefghijklmnopq")


@pytest.fixture(scope="module")
def notebook():
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox(children=())"}
    return new_notebook(
        cells=[
            new_markdown_cell(f"# A lesson\n\n{LONG}\n\nInside $x_0 \\le 1$.\n\n$$ y = x^2 $$"),
            new_code_cell("bring_the_course()", metadata={"tags": ["setup"]}),
            new_markdown_cell("Press the button."),
            new_code_cell("button()", outputs=[new_output("display_data", widget)]),
            new_markdown_cell("### Exercise\n\nHow much is one and one?"),
            new_markdown_cell("It is SECRET.", metadata={"tags": ["answer"]}),
            new_code_cell("SECRET = 2", metadata={"tags": ["answer"]}),
            new_markdown_cell("Two is SECRET.", metadata={"tags": ["answer"]}),
            new_markdown_cell("Wait for questions.", metadata={"tags": ["notes"]}),
        ]
    )


@pytest.fixture(scope="module")
def whole(notebook, tmp_path_factory):
    return slides.deck(notebook, tmp_path_factory.mktemp("deck") / "Lesson.ipynb")


def test_nothing_is_fetched(whole):
    """No script, style, picture or font comes from elsewhere."""
    page = re.sub(r"<script>.*?</script>", "", whole, flags=re.DOTALL)
    assert not re.findall(r"<(?:script|img|iframe|source|link)[^>]+(?:src|href)=.(?!data:)", page)
    assert "@import" not in page and not re.findall(r"url\(.?https?:", page)
    assert "reveal.js 5" in whole and "RevealNotes" in whole


def test_formulas_need_no_script(whole):
    assert whole.count("<math") >= 2 and "$" not in re.sub("<script>.*", "", whole, flags=re.S)


def test_a_formula_that_cannot_be_converted_is_shown_as_written():
    assert formula(r"\frac{", "inline") == r"<code>\frac{</code>"


def test_long_prose_is_for_the_speaker(whole):
    shown = re.sub(r"<aside.*?</aside>", "", whole, flags=re.DOTALL)
    assert "Sentence a says" in shown and "Sentence q says" not in shown
    assert re.search(r'<aside class="notes">.*Sentence q says.*?</aside>', whole, re.DOTALL)


def test_set_up_and_widgets_are_left_out(whole):
    assert "bring_the_course" not in whole and "VBox" not in whole and "button" in whole


def test_answers_are_left_out_only_where_asked(notebook, whole, tmp_path):
    assert whole.count("SECRET") == 3
    questions = slides.deck(notebook, tmp_path / "Lesson.ipynb", answers=False)
    assert "SECRET" not in questions and "How much is one and one?" in questions


@pytest.mark.parametrize("path", lessons.notebooks(), ids=lambda path: path.stem)
def test_answers_of_every_lesson(path):
    notebook = lessons.read(path)
    answers = [cell.source for cell in notebook.cells if lessons.is_answer(cell)]
    told, asked = (
        [cell.metadata.get("notes") or cell.source for cell in prepared.cells]
        for prepared in (slides.prepared(notebook, answers=which) for which in (True, False))
    )
    assert all(text in told and text not in asked for text in answers)


def test_slide_types(notebook):
    expected = ["slide", "skip", "-", "-", "subslide", "subslide", "-", "subslide", "notes"]
    assert lessons.slide_types(notebook.cells) == expected


def test_quiz_answers_are_on_slides_of_their_own(tmp_path):
    with_answers, questions = command.write(lessons.NOTEBOOKS / "Quiz.ipynb", tmp_path)
    told = with_answers.read_text(encoding="utf-8")
    asked = questions.read_text(encoding="utf-8")
    assert told.count('class="question"') == asked.count('class="question"') > 30
    assert told.count('class="answers"') > 30 and 'class="answers"' not in asked
    assert "✓" in told and "✓" not in asked and 'dir="rtl"' in asked


@pytest.mark.parametrize(
    "kept",
    [
        "A short one. Two sentences.",
        f"- {LONG}",
        f"| {LONG} |",
        f"```\n{LONG}\n\n{LONG}\n```",
        f"**Bold {LONG}**",
        f"[A link {LONG}](there)",
    ],
)
def test_what_is_short_or_no_prose_or_would_be_torn_stays(kept):
    assert shortened(kept) == kept


def test_whole_sentences_are_kept():
    short = shortened(f"{LONG}\n\n{LONG}")
    first, second = short.split("\n\n")
    assert first == second and len(first) <= LONGEST and first.endswith("something.")


def test_a_heading_within_a_text_begins_a_slide(tmp_path):
    text = "Look at it.\n\n## Next\n\nWhy.\n\n```python\n# no heading\n```\n"
    assert at_headings(text) == ["Look at it.\n\n", text.removeprefix("Look at it.\n\n")]
    cells = [new_markdown_cell("# First"), new_code_cell("1"), new_markdown_cell(text)]
    prepared = slides.prepared(new_notebook(cells=cells), answers=True)
    assert [cell.metadata.slide_type for cell in prepared.cells] == ["slide", "-", "-", "slide"]
