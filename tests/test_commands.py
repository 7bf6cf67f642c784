"""`./run` and its commands: each does its own set-up, and says in one sentence what is wrong."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers import __main__ as helpers
from helpers.commands import execute, lesson, store, test
from helpers.errors import CourseError
from helpers.paths import REPOSITORY

RUN = REPOSITORY / "run"
FAST = """\
per_class = 3
rate = 0.1
name = "cat"
flag = True
nothing = None
"""
WORK = """\
import os
from helpers import results
results.publish({"per_class": per_class, "rate": rate, "name": name, "nothing": nothing,
                 "mirror": os.environ.get("COURSE_MIRROR")})
"""


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Writes a small notebook: parameters, then the cells given."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))

    def write(*cells, parameters=FAST):
        first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        made = nbformat.v4.new_notebook(cells=[first, *map(nbformat.v4.new_code_cell, cells)])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        path = tmp_path / "Small.ipynb"
        nbformat.write(made, path)
        return path

    return write


def test_a_notebook_is_executed_with_parameters_and_its_results_are_the_last_line(notebook, capfd):
    path = notebook(WORK)
    words = ["execute", str(path), "-p", "per_class", "7", "-p", "rate", "1", "-p", "nothing", "x"]
    assert helpers.main(words) == 0
    out, err = capfd.readouterr()
    found = json.loads(out.splitlines()[-1])
    assert (found["per_class"], found["rate"], found["name"]) == (7, 1.0, "cat")
    assert found["nothing"] == "x"
    assert str(path.parent / "data" / "executed" / "Small.ipynb") in err


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("per_clas", "7", "has no parameter 'per_clas': did you mean per_class?"),
        ("zzz", "7", "has no parameter 'zzz': it has per_class, rate, name, flag, nothing."),
        ("per_class", "many", "per_class cannot be 'many': give a value like 3 (a int)."),
        ("per_class", "7.5", "per_class cannot be '7.5'"),
        ("rate", "fast", "rate cannot be 'fast'"),
        ("flag", "1", "flag cannot be '1'"),
    ],
)
def test_wrong_parameters_are_errors(notebook, capsys, name, word, said):
    path = notebook("1 / 0")
    assert helpers.main(["execute", str(path), "-p", name, word]) == 2
    assert said in capsys.readouterr().err


def test_values_take_the_kind_of_their_default(notebook):
    words = [("per_class", "None"), ("name", "12"), ("nothing", "5"), ("flag", "False")]
    assert execute.parameters(notebook(), words) == {
        "per_class": None,
        "name": "12",
        "nothing": 5,
        "flag": False,
    }


def test_a_parameters_cell_holds_literals_only(notebook):
    with pytest.raises(CourseError, match="holds more than plain literals"):
        execute.defaults(notebook(parameters="per_class = len('abc')"))


def test_a_failing_cell_fails_the_command_and_is_named(notebook, capfd):
    path = notebook("x = 1", "x / 0")
    assert helpers.main(["execute", str(path)]) == 2
    assert "of Small.ipynb failed. ZeroDivisionError: division by zero" in capfd.readouterr().err


def test_a_sentence_for_the_student_stays_a_sentence(notebook, capfd):
    path = notebook("from helpers.errors import CourseError", "raise CourseError('Do this.')")
    assert helpers.main(["execute", str(path)]) == 2
    assert "failed. Do this. (See" in capfd.readouterr().err


@pytest.mark.parametrize("content", [None, "no notebook"])
def test_what_is_no_notebook_is_named(content, tmp_path, capsys):
    path = tmp_path / "there.ipynb"
    if content:
        path.write_text(content)
    assert helpers.main(["execute", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(path) in said


def test_storing_keeps_outputs_and_nothing_of_this_machine(notebook, monkeypatch):
    monkeypatch.setenv("COURSE_MIRROR", "/somewhere")
    path = notebook(
        WORK, "from tqdm.auto import tqdm\nfor _ in tqdm(range(2)): pass\nprint('done')"
    )
    assert store.main([str(path)]) == 0
    stored = nbformat.read(path, as_version=4)
    nbformat.validate(stored)
    published = next(iter(stored.cells[1].outputs)).data["text/plain"]
    assert "/somewhere" not in published and "mirror" in published
    assert [o.output_type for o in stored.cells[2].outputs if "widget" in str(o)] == []
    assert "papermill" not in stored.metadata and "widgets" not in stored.metadata
    assert all(set(cell.metadata) <= {"tags"} for cell in stored.cells)
    assert os.environ["COURSE_MIRROR"] == "/somewhere"


def test_a_notebook_that_fails_is_not_stored(notebook):
    path = notebook("1 / 0")
    before = path.read_bytes()
    with pytest.raises(CourseError, match="failed"):
        store.store(path)
    assert path.read_bytes() == before


def test_the_lesson_of_each_framework_is_there(capsys):
    for name in lesson.NOTEBOOKS.values():
        assert execute.defaults(REPOSITORY / "notebooks" / name)["source"] == "auto"
    with pytest.raises(SystemExit):
        lesson.main(["--framework", "jax"])
    assert "invalid choice: 'jax'" in capsys.readouterr().err


def test_the_linter_and_the_tests_decide_together(monkeypatch):
    codes = {"ruff": 0, "pytest": 0}
    asked = []

    def run(command, cwd):
        asked.append(command[2:])
        return subprocess.CompletedProcess(command, codes[command[2]])

    monkeypatch.setattr(test.subprocess, "run", run)
    assert test.main(["-k", "x"]) == 0
    assert [words[0] for words in asked] == ["ruff", "ruff", "pytest"]
    assert asked[-1] == ["pytest", "-k", "x"]
    codes["ruff"] = 1
    assert test.main([]) == 1
    codes |= {"ruff": 0, "pytest": 5}
    assert test.main([]) == 5


def test_without_a_word_it_lists_what_it_can_do(capsys):
    assert helpers.main([]) == 0
    listed = capsys.readouterr().out
    assert all(f"./run {name} " in listed for name in helpers.COMMANDS)
    assert helpers.main(["leson"]) == 2
    assert "no command 'leson'" in capsys.readouterr().err


@pytest.mark.parametrize("name", helpers.COMMANDS)
def test_every_command_can_be_imported(name):
    module = __import__(f"helpers.commands.{name}", fromlist=["main"])
    assert callable(module.main)


TOOLS = ("cat", "cksum", "dirname", "grep", "ln", "mkdir", "readlink", "rm", "sleep")
"""What every system has."""


def script(folder, *tools, **environment):
    """Run the shell script in a copy of the repository, on a PATH with only these tools."""
    copy = folder / "my course"
    copy.mkdir()
    for name in ("run", "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, copy)
    tools_folder = folder / "tools"
    tools_folder.mkdir()
    for name in (*TOOLS, *tools):
        (tools_folder / name).symlink_to(shutil.which(name))
    for name, text in environment.pop("programs", {}).items():
        (tools_folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools_folder / name).chmod(0o755)
    return copy, subprocess.run(
        ["/bin/sh", copy / "run"],
        env={"PATH": str(tools_folder), **environment},
        capture_output=True,
        text=True,
    )


needs_shell = pytest.mark.skipif(not shutil.which("cksum"), reason="no POSIX shell here")


@needs_shell
def test_neither_uv_nor_python_is_one_clear_sentence(tmp_path):
    copy, done = script(tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("Neither uv nor Python 3.11, 3.12 or 3.13 was found; install")
    assert not (copy / ".venv" / "installed").exists()


@needs_shell
def test_a_python_that_is_too_old_is_not_taken(tmp_path):
    _, done = script(tmp_path, programs={"python3": "exit 1", "python": "exit 1"})
    assert done.returncode == 1 and "Neither uv nor Python" in done.stderr


@needs_shell
def test_an_installation_that_breaks_off_is_said_and_tried_again(tmp_path):
    copy, done = script(tmp_path, programs={"uv": '[ "$1" = venv ] || exit 7'})
    assert done.returncode == 1
    assert "The installation did not finish" in done.stderr.splitlines()[-1]
    assert not (copy / ".venv" / "installed").exists()


@needs_shell
def test_python_without_venv_is_told_what_to_install(tmp_path):
    answers = 'case "$*" in *"-m venv"*) exit 1;; *) exit 0;; esac'
    _, done = script(tmp_path, programs={"python3": answers})
    assert done.returncode == 1 and "python3-venv" in done.stderr.splitlines()[-1]


@needs_shell
def test_once_installed_it_only_runs(tmp_path):
    """From another folder, through a path with a space, with words passed on as they are."""
    copy, _ = script(tmp_path)
    venv = copy / ".venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    python.chmod(0o755)
    files = [(copy / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    sums = subprocess.run(["cksum"], input=b"".join(files), capture_output=True).stdout
    (venv / "installed").write_bytes(sums)
    done = subprocess.run(
        [copy / "run", "lesson", "-p", "name", "two words"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "COURSE_VENV"},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "-m|helpers|lesson|-p|name|two words|" and done.stderr == ""


def test_the_script_is_executable_and_plain_sh():
    assert os.access(RUN, os.X_OK) or sys.platform == "win32"
    assert RUN.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
