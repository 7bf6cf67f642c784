"""The rooms of the package: twins have the same doors, and the frameworks never meet.

Read from the syntax trees, so nothing is imported.
"""

import ast
import json
from pathlib import Path

import pytest

HELPERS = Path(__file__).resolve().parents[1] / "helpers"
REPOSITORY = HELPERS.parent
TWINS = ("pytorch", "tensorflow")
OWNERS = {
    "torch": "pytorch",
    "torchvision": "pytorch",
    "timm": "pytorch",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
}
"""Packages that start a framework, and which one."""


def doors(source: str) -> dict[str, str]:
    """The public functions, classes and values of a module, with their signatures."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = signature(node)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = "class"
            inside = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            if node.name in SAME_METHODS:
                found |= {f"{node.name}.{n.name}": signature(n) for n in inside}
        elif isinstance(node, ast.Assign):
            found |= {t.id: "value" for t in node.targets if isinstance(t, ast.Name)}
    return {n: door for n, door in found.items() if not n.startswith("_") and n not in OWN}


def signature(function: ast.FunctionDef) -> str:
    """Names, kinds and defaults of the arguments; annotations name the framework's own types."""
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(function.args)


SAME_METHODS = ("Classifier",)
"""Classes that are the course's own; the others stand on a class of their framework."""
OWN = ("Stage", "Pictures")
"""What one framework needs and the other has already: Keras has no module that is a stage, and
PyTorch wants a class that is a data set."""


def files(room: Path) -> set[str]:
    return {
        path.name for path in room.glob("*.py") if path.name == "__init__.py" or path.name[0] != "_"
    }


def differences(one: str, other: str) -> set[str]:
    left, right = doors(one), doors(other)
    return {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}


def test_twin_rooms_have_the_same_files():
    assert files(HELPERS / TWINS[0]) == files(HELPERS / TWINS[1])


@pytest.mark.parametrize("file", sorted(files(HELPERS / "pytorch")))
def test_twin_files_have_the_same_doors(file):
    one, other = ((HELPERS / room / file).read_text(encoding="utf-8") for room in TWINS)
    assert differences(one, other) == set()
    if file != "__init__.py":
        assert doors(one)


@pytest.mark.parametrize(
    ("old", "new", "noticed"),
    [
        ("learning_rate: float = 1e-3", "learning_rate: float = 1e-2", "fit"),
        ("    patience: int | None = None,\n", "", "fit"),
        ("def evaluate(", "def judge(", "judge"),
    ],
)
def test_one_file_edited_alone_is_noticed(old, new, noticed):
    one, other = ((HELPERS / room / "training.py").read_text(encoding="utf-8") for room in TWINS)
    assert old in other
    assert noticed in differences(one, other.replace(old, new))
    assert differences(one, f"{other}\n\ndef more():\n    pass\n") == {"more"}


@pytest.mark.parametrize("room", TWINS)
def test_every_door_says_what_goes_in_and_out(room):
    silent = [
        f"{path.name}: {node.name}"
        for path in (HELPERS / room).glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def imports(source: str, package: str = "") -> set[str]:
    """The modules that a source imports, anywhere in it, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def modules(root: Path) -> dict[str, set[str]]:
    """Every module of the package below `root`, with what it imports."""
    found = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        inside = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if inside else parts)
        package = name if inside else name.rpartition(".")[0]
        found[name] = imports(path.read_text(encoding="utf-8"), package)
    return found


def frameworks(name: str, known: dict[str, set[str]], visited=None) -> set[str]:
    """The frameworks that importing a module would start, directly or through other modules."""
    visited = set() if visited is None else visited
    if name in visited:
        return set()
    visited.add(name)
    found = set()
    if name == "safetensors.torch":
        return {"pytorch"}
    if name.split(".")[0] in OWNERS:
        return {OWNERS[name.split(".")[0]]}
    packages = [name.rsplit(".", i)[0] for i in range(1, name.count(".") + 1)]
    for reached in (*known.get(name, ()), *(p for p in packages if p in known)):
        found |= frameworks(reached, known, visited)
    return found


KNOWN = modules(HELPERS)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_module_starts_its_own_framework_or_none(name):
    room = name.split(".")[1] if "." in name else ""
    assert frameworks(name, KNOWN) <= ({room} if room in TWINS else set())


def test_a_meeting_through_another_module_is_noticed(tmp_path):
    package = tmp_path / "helpers"
    for path, text in {
        "__init__.py": "",
        "both.py": "from helpers import one\nimport keras\n",
        "one.py": "def later():\n    from helpers.pytorch import networks\n",
        "pytorch/__init__.py": "",
        "pytorch/networks.py": "import torch.nn\n",
        "relative.py": "from . import one\nfrom .pytorch import networks\n",
    }.items():
        (package / path).parent.mkdir(exist_ok=True)
        (package / path).write_text(text)
    known = modules(package)
    assert frameworks("helpers.both", known) == {"pytorch", "tensorflow"}
    assert frameworks("helpers.one", known) == {"pytorch"}
    assert frameworks("helpers.relative", known) == {"pytorch"}


NOTEBOOKS = sorted(p for f in ("notebooks", "lab") for p in (REPOSITORY / f).rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_starts_one_framework_at_most(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    lines = [line for text in code for line in text.splitlines() if line[:1] not in "%!"]
    plain = "\n".join(line for line in lines if line.lstrip().startswith(("import ", "from ")))
    found = set()
    for line in plain.splitlines():
        for name in imports(line.strip()):
            found |= frameworks(name, KNOWN)
    expected = {"PyTorch": {"pytorch"}, "TF": {"tensorflow"}}
    assert found <= next((expected[end] for end in expected if end in path.stem), set())
