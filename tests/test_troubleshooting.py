"""Every error of the course is one sentence, and all stand on one page."""

import re

import pytest

from helpers.commands import troubleshooting
from helpers.errors import CourseError

FOUND = troubleshooting.sentences()
AROUND = "Cell … of … failed. … (See ….)"
"""This one holds another sentence, with what to do."""
TEXTS = sorted(set().union(*FOUND.values()) - {AROUND})


def test_the_page_lists_every_error():
    page = troubleshooting.PAGE.read_text(encoding="utf-8")
    current = troubleshooting.filled(page, FOUND) == page
    assert current, "notebooks/Troubleshooting.md is out of date: run ./run troubleshooting"


@pytest.mark.parametrize("text", TEXTS)
def test_an_error_is_one_sentence(text):
    """The thing and the reason, a colon, the next step."""
    assert re.match(r"…|[A-Z]|\w+[=.]…", text), "it begins with the thing"
    assert text.endswith((".", ".)", "…")) and "\n" not in text
    assert ": " in text, "after a colon stands what to do"
    assert not re.search(r"\. [A-Z]", text), "one sentence"


def test_errors_are_found_however_they_are_raised(tmp_path):
    (tmp_path / "helpers" / "deep").mkdir(parents=True)
    (tmp_path / "helpers" / "a.py").write_text(
        "class Mine(CourseError):\n    pass\n"
        "class Told(Mine):\n    def __init__(self, path):\n"
        "        super().__init__(f'{path!r} told: do this.')\n"
        "class Other(Exception):\n    def __init__(self):\n        super().__init__('not a word')\n"
        "def f():\n    return Mine('in two ' f'parts {1 + 1:.2f}: do that.')\n"
    )
    (tmp_path / "helpers" / "deep" / "b.py").write_text(
        "raise errors.CourseError(f'with <{x}> and \"{y}\": stop.')\nraise ValueError('no, not me')"
    )
    assert troubleshooting.sentences(tmp_path) == {
        "helpers/a.py": {"… told: do this.", "in two parts …: do that."},
        "helpers/deep/b.py": {"with \\<…> and …: stop."},
    }


def test_a_new_error_makes_the_page_out_of_date():
    page = (
        "a\n<!-- errors: helpers/data -->\n<!-- end -->\nb\n<!-- errors: others -->\n<!-- end -->"
    )
    found = {"helpers/data/x.py": {"X: y."}, "helpers/database.py": {"Z: y.", "A: y."}}
    assert troubleshooting.filled(page, found) == (
        "a\n<!-- errors: helpers/data -->\n- X: y.\n<!-- end -->\nb\n"
        "<!-- errors: others -->\n- A: y.\n- Z: y.\n<!-- end -->"
    )
    with pytest.raises(CourseError, match="no list of the other errors"):
        troubleshooting.filled("a page", found)
