"""The lesson pages: the two languages match, formulas survive, numbers are filled in by code."""

import re

import pytest

from helpers import pages
from helpers.errors import CourseError

ENGLISH, HEBREW = pages.PAGES
READING = pages.NOTEBOOKS / "TrainingTricks.md"
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)


def _text(page):
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [ENGLISH, HEBREW], ids=lambda page: page.name)
def test_every_figure_has_words_for_who_cannot_see_it(page):
    figures = FIGURE.findall(_text(page))
    assert figures
    assert all(len(alt.split()) >= 8 for alt, _ in figures)


@pytest.mark.parametrize("page", [ENGLISH, HEBREW], ids=lambda page: page.name)
def test_no_mark_breaks_its_paragraph(page):
    assert not re.search(r"^\s*<!--", _text(page), re.MULTILINE)


def test_both_pages_have_the_same_structure():
    english, hebrew = _text(ENGLISH), _text(HEBREW)
    assert HEADING.findall(english) == HEADING.findall(hebrew)
    assert [f for _, f in FIGURE.findall(english)] == [f for _, f in FIGURE.findall(hebrew)]
    links = [[t for _, t in LINK.findall(text)] for text in (english, hebrew)]
    assert links[0].pop(0) == HEBREW.name and links[1].pop(0) == ENGLISH.name
    assert links[0] == links[1]
    marks = [[m.group(2, 3) for m in pages.MARKER.finditer(t)] for t in (english, hebrew)]
    assert marks[0] == marks[1] != []
    for sign in ("\n- ", "\n1. ", "\n| ", "$$ "):
        assert english.count(sign) == hebrew.count(sign), sign


def test_both_pages_have_the_same_formulas():
    block = re.compile(r"^\$\$ .* \$\$$", re.MULTILINE)
    assert block.findall(_text(ENGLISH)) == block.findall(_text(HEBREW)) != []


def test_the_hebrew_page_keeps_code_and_formulas_left_to_right():
    text = _text(HEBREW)
    assert text.startswith('<div dir="rtl">\n\n') and text.rstrip().endswith("</div>")
    assert text.count("<div") == text.count("</div>")
    for inside in re.findall(r'<div dir="ltr">\n\n(.*?)\n\n</div>', text, re.DOTALL):
        text = text.replace(inside, "")
        assert not re.search("[א-ת]", inside)
    text = re.sub(r'<span dir="ltr">.*?</span>', "", text)
    text = re.sub(r"\$\\?[A-Za-z]+\$", "", text)  # a symbol alone cannot be turned round
    assert "`" not in text and "$" not in text


@pytest.mark.parametrize("page", [ENGLISH, HEBREW, READING], ids=lambda page: page.name)
def test_formulas_survive_markdown(page):
    """A backslash before punctuation is an escape there: `\\,` would arrive as a comma."""
    formulas = re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$", _text(page), re.DOTALL)
    assert formulas
    assert not [formula for formula in formulas if re.search(r"\\[^A-Za-z]", formula)]


def test_fill_writes_values_and_keeps_the_marks():
    text = "a <!-- result:one.two .1% -->old<!-- /result --> b <!-- result:n -->…<!-- /result -->"
    filled = pages.fill(text, {"one": {"two": 0.987}, "n": 12})
    assert "-->98.7%<!--" in filled and "-->12<!--" in filled
    assert pages.fill(filled, {"one": {"two": 0.5}, "n": 12}).count("<!--") == 4
    assert pages.names(filled) == ["one.two", "n"]


def test_a_missing_result_or_a_wrong_format_is_named():
    text = "<!-- result:one.two .1% -->…<!-- /result -->"
    with pytest.raises(CourseError, match=r"one\.two.*not stored"):
        pages.fill(text, {"one": {}})
    with pytest.raises(CourseError, match=r"one\.two is 'many'"):
        pages.fill(text, {"one": {"two": "many"}})


def test_a_missing_result_changes_no_page(tmp_path):
    results, first, second = tmp_path / "r.json", tmp_path / "a.md", tmp_path / "b.md"
    with pytest.raises(CourseError, match="no stored results"):
        pages.main(results, (first, second))
    results.write_text('{"n": 1}', encoding="utf-8")
    first.write_text("<!-- result:n -->…<!-- /result -->", encoding="utf-8")
    second.write_text("<!-- result:m -->…<!-- /result -->", encoding="utf-8")
    with pytest.raises(CourseError, match="result m"):
        pages.main(results, (first, second))
    assert "…" in first.read_text(encoding="utf-8")
    pages.main(results, (first,))
    assert "-->1<!--" in first.read_text(encoding="utf-8")
