"""Decks of slides in a browser that reaches nothing: they open, fit, turn, and have notes."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import lessons, slides
from helpers.commands import slides as command

OVERFLOWING = """() => {
    /* What reaches beyond a slide of 1280 x 720, or hides in a box that scrolls. */
    const shown = [];
    for (const page of document.querySelectorAll("section.page")) {
        for (const element of [page, page.parentElement]) element.style.display = "block";
        const edge = page.getBoundingClientRect();
        for (const element of page.querySelectorAll(":scope > .flow *")) {
            const box = element.getBoundingClientRect();
            const beyond = box.width && (box.right > edge.left + 1281 || box.left < edge.left - 1
                || box.bottom > edge.top + 721 || box.top < edge.top - 1);
            if (beyond || element.matches(".scrolled"))
                shown.push(`${element.tagName}: ${element.textContent.slice(0, 60)}`);
        }
        for (const element of [page, page.parentElement]) element.style.display = "";
    }
    return shown; }"""

PLACE = "(({ h, v }) => `${h}/${v}`)(Reveal.getIndices())"


@pytest.fixture
def opened(page):
    """Open a deck with all of the network cut off; afterwards nothing may have been asked for."""
    asked = []

    def route(route):
        asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(("file:", "data:", "blob:", "about:")), route)
    page.on("pageerror", lambda error: asked.append(str(error)))

    def opening(path):
        page.goto(path.as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        return page

    yield opening
    assert asked == []


def through(page) -> list[str]:
    """Turn all pages with the space bar. Returns where that led."""
    places = [page.evaluate(PLACE)]
    while not page.evaluate("Reveal.isLastSlide()"):
        page.keyboard.press("Space")
        places.append(page.evaluate(PLACE))
        assert len(places) < 500
    return places


@pytest.mark.parametrize("notebook", lessons.notebooks(), ids=lambda path: path.stem)
def test_every_deck_turns_its_pages_and_nothing_overflows(notebook, opened, tmp_path, shoot):
    for path in command.write(notebook, tmp_path):
        page = opened(path)
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate("document.querySelectorAll('section.page').length") > 5
        shoot(page, f"deck-{path.stem}")
    places = through(page)
    assert len(set(places)) == len(places) == page.evaluate("Reveal.getTotalSlides()")
    page.evaluate("Reveal.slide(2, 0)")
    shoot(page, f"deck-{path.stem}-third")


@pytest.fixture
def awkward(tmp_path):
    """A deck of everything that is too large for a slide."""
    sentence = "A sentence that says something about networks. "
    rows = "".join(f"<tr>{f'<td>{row * 1000}</td>' * 30}</tr>" for row in range(90))
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="2400">'
    outputs = [
        new_output("stream", name="stdout", text="\n".join(map(str, range(90)))),
        new_output("display_data", {"text/html": f"<table>{rows}</table>"}),
        new_output(
            "display_data", {"image/svg+xml": f'{drawing}<rect width="9" height="9"/></svg>'}
        ),
    ]
    code = "\n".join(f"line_{i} = {'very_' * 22!r}" for i in range(70))
    cells = [
        new_markdown_cell(f"# Much\n\n{sentence * 30}"),
        new_markdown_cell("## Lists\n\n" + "\n".join(f"{i}. {sentence}" for i in range(1, 40))),
        new_markdown_cell("## Code\n\nThis leads to the code."),
        new_code_cell(code, outputs=outputs),
        new_code_cell(f'text = """\n{sentence * 4}\n' + "line\n" * 50 + '"""'),
    ]
    path = tmp_path / "Awkward.html"
    path.write_text(slides.deck(new_notebook(cells=cells), path), encoding="utf-8")
    return path


def test_what_is_too_large_is_divided_or_made_smaller(awkward, opened, shoot):
    page = opened(awkward)
    assert page.evaluate(OVERFLOWING) == []
    text = page.evaluate("document.querySelector('.slides').textContent")
    assert all(f"line_{i} =" in text for i in range(70)) and text.count("89000") == 30
    numbers = page.evaluate("[...document.querySelectorAll('section ol')].map(o => o.start)")
    assert len(numbers) > 1 and numbers == sorted(set(numbers)) and numbers[0] == 1
    through(page)
    shoot(page, "deck-awkward-last")


def test_the_measure_sees_what_overflows(awkward, opened):
    page = opened(awkward)
    page.evaluate("document.querySelector('section.page p').style.width = '1500px'")
    assert len(page.evaluate(OVERFLOWING)) == 1


def test_the_speaker_sees_the_whole_paragraph(awkward, opened, shoot):
    page = opened(awkward)
    with page.expect_popup() as caught:
        page.keyboard.press("s")
    speaker = caught.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.filter(has_text="A sentence").wait_for()
    assert notes.inner_text().count("A sentence") == 30
    assert page.locator("section.present .flow").last.inner_text().count("A sentence") < 6
    shoot(speaker, "deck-speaker-view")
