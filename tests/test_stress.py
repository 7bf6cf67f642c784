"""The table of `./run stress`: every fault is counted, and a loss is not passed over."""

from types import SimpleNamespace

import pytest

from helpers.commands import stress

LOSES = """
import pytest

@pytest.mark.fault
@pytest.mark.parametrize("n", range(5))
def test_one_each(n):
    assert n != 3

@pytest.mark.fault(False)
def test_no_fault():
    assert False, "is not run"

def test_many(faults):
    for n in range(faults.amount(1, 40)):
        with faults.one(n):
            assert n != 7
"""


def test_what_is_lost_is_counted_and_fails(tmp_path, monkeypatch, capfd):
    """The real command, on tests that lose one fault in each way."""
    here = tmp_path / "tests"
    here.mkdir()
    for name in ("conftest.py", "faults.py"):
        source = (stress.REPOSITORY / "tests" / name).read_text(encoding="utf-8")
        (here / name).write_text(source, encoding="utf-8")
    (here / "test_losing.py").write_text(LOSES, encoding="utf-8")
    monkeypatch.setattr(stress, "REPOSITORY", tmp_path)
    monkeypatch.setattr(stress, "FRAMEWORKS", ())
    assert stress.main([]) == 1
    said = capfd.readouterr().out
    assert " ".join(row(said, "losing")[:5]) == "losing both 5 4 1"
    assert " ".join(row(said, "many")[:5]) == "many both 40 39 1"
    assert " ".join(row(said, "all")) == "all 45 43 2"
    assert "tests/test_losing.py::test_one_each[3] (call)\n" in said
    assert "LOST many: 7: AssertionError" in said


def row(said: str, name: str) -> list[str]:
    """The words of one line of the table."""
    return next(line.split() for line in said.splitlines() if line.split()[:1] == [name])


@pytest.mark.parametrize(
    "code, lost, returned", [(0, [], 0), (5, [], 0), (1, [], 1), (0, ["x"], 1)]
)
def test_the_exit_code(monkeypatch, capsys, code, lost, returned):
    row = '{"fault": "a", "where": "both", "injected": 1, "lost": %s, "seconds": 1.0}\n'

    def run(words, **_):
        file = words[words.index("--faults") + 1]
        with open(file, "w", encoding="utf-8") as out:
            out.write(row % str(lost).replace("'", '"'))
        return SimpleNamespace(returncode=code)

    monkeypatch.setattr(stress.subprocess, "run", run)
    assert stress.main([]) == returned


def test_nothing_injected_is_no_success(monkeypatch):
    monkeypatch.setattr(stress.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=5))
    assert stress.main([]) == 1
