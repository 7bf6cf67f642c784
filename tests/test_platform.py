"""Odd folders, odd locales, a course that cannot be written to, names for every system."""

import ast
import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers.data.archives import _Names
from helpers.paths import REPOSITORY

LONG = "/".join(["a folder with a long name"] * 8)
HEBREW = "my photographs תמונות"
LOCALES = {
    "C": {"LC_ALL": "C"},
    "C.UTF-8": {"LC_ALL": "C.UTF-8"},
}
CELLS = [
    ("parameters", "per_class = 2"),
    (
        "",
        "from pathlib import Path\n"
        "import numpy as np\n"
        "from helpers import results\n"
        "from helpers.data import load\n"
        "from helpers.files import replacing\n"
        "from helpers.paths import data_folder\n"
        "from helpers.store import FeatureStore",
    ),
    ("", 'photographs = load(source="drawn", per_class=per_class, progress=False)'),
    (
        "",
        "store = FeatureStore('net-1.0', 2)\n"
        "store.add(photographs.digests, np.ones((len(photographs), 2), np.float32))\n"
        "with replacing(data_folder() / 'models' / 'שם') as path:\n"
        "    path.write_text('חתול', encoding='utf-8')",
    ),
    ("", "results.publish({'photographs': len(photographs), 'word': 'חתול'})"),
]


def notebook(folder):
    made = nbformat.v4.new_notebook()
    for tag, source in CELLS:
        metadata = {"tags": [tag]} if tag else {}
        made.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata))
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, folder / "מחברת one.ipynb")
    return folder / "מחברת one.ipynb"


def execute(path, cwd=REPOSITORY, **environment):
    environment = {**os.environ, "PYTHONPATH": str(cwd), **environment}
    environment.pop("COURSE_MIRROR", None)
    return subprocess.run(
        [sys.executable, "-m", "helpers", "execute", str(path), "-p", "per_class", "3"],
        env={name: value for name, value in environment.items() if value is not None},
        cwd=cwd,
        capture_output=True,
    )


def succeeded(done) -> None:
    errors = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, errors[-3000:]
    published = json.loads(done.stdout.decode("utf-8").splitlines()[-1])
    assert published["photographs"] == 6 and published["word"] == "חתול"


def writable_everywhere(folder) -> int:
    """Every name below a folder is one that Windows, macOS and Linux can write."""
    names, paths = _Names(), sorted(p for p in folder.rglob("*") if p.is_file())
    for path in paths:
        names.add(path.relative_to(folder).as_posix(), False)
    return len(paths)


@pytest.mark.parametrize(("place", "locale"), [(HEBREW, "C"), (HEBREW, "C.UTF-8"), (LONG, "C")])
def test_a_notebook_in_odd_folders_and_locales(tmp_path, place, locale):
    path = notebook(tmp_path / place)
    data = tmp_path / place / "data נתונים"
    succeeded(execute(path, COURSE_DATA=str(data), **LOCALES[locale]))
    assert writable_everywhere(data) >= 10
    assert sorted(p.name for p in path.parent.iterdir()) == ["data נתונים", path.name]


def test_tracked_files_have_names_that_every_system_can_write():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is no clone")
    names, tracked = _Names(), listed.stdout.split("\0")[:-1]
    for name in tracked:
        names.add(name, False)
        assert len(name) < 120
    assert len(tracked) > 100


def test_text_is_utf8_whatever_the_system_prefers():
    """Windows would read and write it otherwise: every text file is opened as UTF-8."""
    seen = 0
    for path in sorted((REPOSITORY / "helpers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            owner, _, name = ast.unparse(node.func).rpartition(".")
            if (name in ("read_text", "write_text") and owner) or (name == "open" and not owner):
                mode = [a.value for a in node.args[1:2] if isinstance(a, ast.Constant)]
                bytes_only = name == "open" and (mode == ["a"] or "b" in str(*mode))  # "a" touches
                seen += 1
                said = bytes_only or "encoding" in {keyword.arg for keyword in node.keywords}
                assert said, f"{path}:{node.lineno}"
    assert seen > 20


@pytest.fixture
def read_only(tmp_path):
    """A copy of the course that cannot be written, not even by root."""
    copy = tmp_path / "course קורס"
    shutil.copytree(
        REPOSITORY / "helpers", copy / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    notebook(copy / "notebooks")
    if os.geteuid():
        for folder in (copy, *(p for p in copy.rglob("*") if p.is_dir())):
            folder.chmod(0o555)
        yield copy
        for folder in (copy, *(p for p in copy.rglob("*") if p.is_dir())):
            folder.chmod(0o755)
        return
    options = (["--bind", copy, copy], ["-o", "remount,ro,bind", copy])
    try:
        if any(subprocess.run(["mount", *o], capture_output=True).returncode for o in options):
            pytest.skip("nothing can be mounted here")
        yield copy
    finally:
        subprocess.run(["umount", copy], capture_output=True)


@pytest.mark.skipif(os.name != "posix", reason="read-only folders as POSIX has them")
def test_a_course_that_cannot_be_written_to(read_only, tmp_path):
    path = read_only / "notebooks" / "מחברת one.ipynb"
    succeeded(execute(path, read_only, COURSE_DATA=str(tmp_path / "data")))
    done = execute(path, read_only, COURSE_DATA=None)
    errors = done.stderr.decode()
    assert done.returncode == 2 and "set COURSE_DATA" in errors.splitlines()[-1], errors
    assert "Traceback" not in errors
