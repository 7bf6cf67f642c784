"""`./run troubleshooting`: bring the list of errors in notebooks/Troubleshooting.md up to date.

Every sentence that the course can raise is read from the source. Between two comments of the page,

    <!-- errors: helpers/data helpers/imagenet.py -->
    <!-- end -->

stand the sentences of the files and folders named; `others` stands for all that no other list
names. What is written around the lists stays.
"""

import argparse
import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.errors import CourseError
from helpers.files import replacing
from helpers.paths import REPOSITORY

PAGE = REPOSITORY / "notebooks" / "Troubleshooting.md"
ROOMS = ("helpers", "lab")
"""The folders whose Python files are read."""

_LIST = re.compile(r"(<!-- errors: ([^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write the page anew. Returns the exit code: 0, or with --check 1 where it is out of date."""
    parser = argparse.ArgumentParser(prog="./run troubleshooting", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    before = PAGE.read_text(encoding="utf-8")
    after = filled(before, sentences())
    if parser.parse_args(arguments).check:
        return int(before != after)
    with replacing(PAGE) as temporary:
        temporary.write_text(after, encoding="utf-8", newline="\n")
    return 0


def sentences(repository: Path = REPOSITORY) -> dict[str, set[str]]:
    """Every sentence of a CourseError, by the file it is raised in (relative, with slashes).

    What is filled in at run time stands as `…`.
    """
    files = [path for room in ROOMS for path in sorted((repository / room).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    kinds = _kinds(trees.values())
    found = {}
    for path, tree in trees.items():
        texts = set(_texts(tree, kinds))
        if texts:
            found[path.relative_to(repository).as_posix()] = texts
    return found


def filled(page: str, found: dict[str, set[str]]) -> str:
    """The page with its lists filled. Raises CourseError where a file is on no list."""
    lists = [match[2].split() for match in _LIST.finditer(page)]
    named = [place for places in lists for place in places if place != "others"]
    if not any("others" in places for places in lists):
        raise CourseError(f"{PAGE} has no list of the other errors: add <!-- errors: others -->.")

    def fill(match: re.Match) -> str:
        texts: set[str] = set()
        for file, raised in found.items():
            home = max((p for p in named if _within(file, p)), key=len, default="others")
            if home in match[2].split():
                texts |= raised
        return match[1] + "".join(f"- {text}\n" for text in sorted(texts)) + match[3]

    return _LIST.sub(fill, page)


def _within(file: str, place: str) -> bool:
    return file == place or file.startswith(f"{place}/")


def _kinds(trees) -> set[str]:
    """CourseError and the names of all classes made from it."""
    kinds, before = {CourseError.__name__}, 0
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while len(kinds) > before:
        before = len(kinds)
        kinds |= {c.name for c in classes if any(getattr(b, "id", "") in kinds for b in c.bases)}
    return kinds


def _texts(tree: ast.AST, kinds: set[str]) -> Iterator[str]:
    """The sentences: the first text given to such an error, or to `super().__init__` in one."""
    own = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name in kinds]
    inside = {id(node) for one in own for node in ast.walk(one)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func)
        if called.rpartition(".")[2] in kinds or (
            called == "super().__init__" and id(node) in inside
        ):
            text = _pattern(node.args[0])
            if text and " " in text:  # a reason alone is no sentence
                yield text


def _pattern(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _escaped(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (_pattern(n) if isinstance(n, ast.Constant) else "…" for n in node.values)
        return re.sub(r"'…'|\"…\"|…", "…", "".join(parts))
    return None


def _escaped(text: str) -> str:
    """As Markdown shows it."""
    return text.replace("<", "\\<")
