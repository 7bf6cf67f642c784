"""The lab, and a small one for the grader's tests."""

import nbformat
import pytest
from labs import light

from helpers.grading import starters


@pytest.fixture(scope="session")
def solution():
    return starters.solution("pytorch")


@pytest.fixture
def small_lab(solution, tmp_path, monkeypatch):
    """The small lab's solution; the grader takes it for the lab."""
    path = tmp_path / "PetBreedsPyTorch.ipynb"
    nbformat.write(light(solution), path)
    monkeypatch.setattr(starters, "SOLUTIONS", {"pytorch": path})
    return nbformat.read(path, as_version=4)
