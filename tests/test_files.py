"""A file is written whole or not at all, and what stops it is said in one sentence."""

import pytest

from helpers.errors import CourseError
from helpers.files import replacing


def test_the_name_is_taken_at_the_end(tmp_path):
    path = tmp_path / "תיקייה a" / "b.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new" and list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, OSError])
def test_an_interrupt_leaves_what_was_there(tmp_path, stop):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(CourseError if stop is OSError else stop), replacing(path) as temporary:
        temporary.write_text("half")
        raise stop
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["file/a.txt", "x" * 300, "folder"])
def test_what_cannot_be_written_is_named(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(CourseError, match="cannot be written") as caught:  # noqa: SIM117
        with replacing(tmp_path / name) as temporary:
            temporary.write_text("x")
    assert str(caught.value).startswith(str(tmp_path / name))
