"""A small lab for the grader's tests: real tasks of the real lab, those that need no framework."""

import copy

from helpers.grading import starters
from helpers.grading.submissions import grade_id

LIGHT = """import numpy as np
from sklearn.metrics import roc_auc_score
from helpers.evaluation import wilson
whole = None
seed = 0"""
TASKS = ("split-line", "confused", "unseen-novelty", "unseen-threshold", "unseen-auroc")


def light(notebook):
    """The parameters, the tasks of TASKS, the conclusion, and quick imports."""
    small = copy.deepcopy(notebook)
    small.cells = [
        cell
        for cell in small.cells
        if grade_id(cell) in ("imports", "parameters", "conclusion")
        or (grade_id(cell).startswith(TASKS) and not grade_id(cell).endswith(("show", "matrix")))
    ]
    imports = next(cell for cell in small.cells if grade_id(cell) == "imports")
    imports.source = LIGHT
    return small


def answered(notebook, *tasks):
    """The starter with the solution's answers to the tasks that begin like this."""
    starter = starters.starter(notebook)
    for cell, source in zip(starter.cells, notebook.cells, strict=True):
        if cell.metadata.get("nbgrader", {}).get("solution") and grade_id(cell).startswith(tasks):
            cell.source = source.source
    return starter


def put(notebook, name: str, source: str) -> None:
    """Write `source` into the cell called `name`."""
    next(cell for cell in notebook.cells if grade_id(cell) == name).source = source
