"""From an executed notebook to points, task by task, and a page of feedback."""

import copy
import html
import re
from dataclasses import dataclass, field

import nbformat

from helpers.grading.submissions import grade_id

TASKS = {
    "data": "1 data",
    "split": "2 split",
    "features": "3 features",
    "head": "4 head",
    "choose": "5 weight decay",
    "finetune": "6 fine-tuning",
    "accuracy": "7 per breed",
    "confused": "8 confused",
    "unseen": "9 unseen",
    "pet": "10 own pet",
    "conclusion": "11 conclusion",
}
"""The tasks: how the names of their test cells begin, and what a table calls them."""

BY_HAND = "conclusion"
_STYLES = ("static", "node_modules", "bootstrap", "dist", "css")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass
class Points:
    """earned, possible: by task. by_hand: whether the conclusion waits to be read. lost: a
    sentence for each test that failed."""

    earned: dict[str, float]
    possible: dict[str, float]
    by_hand: bool = False
    lost: list[str] = field(default_factory=list)

    @property
    def automatic(self) -> float:
        """Points of the tasks that the machine grades."""
        return sum(value for task, value in self.earned.items() if task != BY_HAND)


def possible(solution: nbformat.NotebookNode) -> dict[str, float]:
    """Points a task has, by task."""
    found = dict.fromkeys(TASKS, 0.0)
    for cell in solution.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            found[task_of(cell)] += about["points"]
    return found


def task_of(cell) -> str:
    """The task of a cell: its name up to the first hyphen."""
    return grade_id(cell).partition("-")[0]


def none(solution: nbformat.NotebookNode) -> Points:
    """No points, for what is no notebook."""
    return Points(dict.fromkeys(TASKS, 0.0), possible(solution))


def count(executed: nbformat.NotebookNode, starter: nbformat.NotebookNode) -> Points:
    """The points of an executed notebook, by nbgrader's rule: a test that raises an error or
    prints to stderr gives none."""
    from nbgrader.utils import determine_grade

    made = Points(dict.fromkeys(TASKS, 0.0), possible(executed))
    blank = {grade_id(cell): cell.source for cell in starter.cells if grade_id(cell)}
    for cell in executed.cells:
        about = cell.metadata.get("nbgrader", {})
        if not about.get("grade"):
            continue
        if about.get("solution"):
            made.by_hand = cell.source.strip() != blank[grade_id(cell)].strip()
            about["score"] = 0.0
            continue
        about["score"], _ = determine_grade(cell)
        made.earned[task_of(cell)] += about["score"]
        if about["score"] < about["points"]:
            made.lost.append(f"{grade_id(cell)}: {_reason(cell)}")
    return made


def _reason(cell) -> str:
    for output in cell.outputs:
        if output.output_type == "error":
            said = _COLOURS.sub("", f"{output.ename}: {output.evalue}").strip(": ")
            return said.splitlines()[0][:200] if said else output.ename
    return "the test printed to stderr"


def page(
    student: str, executed: nbformat.NotebookNode, starter: nbformat.NotebookNode, found: Points,
    sentences: list[str],
) -> str:  # fmt: skip
    """A page of feedback (HTML, nbgrader's template): answers, points, and why some were lost.

    Hidden tests are not shown, only what they said.
    """
    from pathlib import Path

    import nbgrader
    from nbconvert.exporters import HTMLExporter

    shown = copy.deepcopy(executed)
    blank = {grade_id(cell): cell.source for cell in starter.cells if grade_id(cell)}
    for cell in shown.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            failed = about["score"] < about["points"]
            cell.source = blank[grade_id(cell)]
            text = f"{_reason(cell)}\n" if failed else "All tests passed.\n"
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    rows = [
        f"| {title} | {'read by hand' if task == BY_HAND and found.by_hand else f'{e:g}'} | {p:g} |"
        for (task, title), e, p in zip(
            TASKS.items(), found.earned.values(), found.possible.values(), strict=True
        )
    ]
    table = "\n".join(["| task | points | of |", "| --- | --- | --- |", *rows])
    said = "\n".join(f"- {_plain(sentence)}" for sentence in [*sentences, *found.lost])
    shown.cells.insert(0, nbformat.v4.new_markdown_cell(f"{table}\n\n{said}"))
    forms = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
    exporter = HTMLExporter(
        template_name="feedback",
        extra_template_basedirs=[str(forms / "templates")],
        extra_template_paths=[str(forms.joinpath(*_STYLES))],
        sanitize_html=True,
    )
    about = {
        "notebook": html.escape(student),
        "score": found.automatic,
        "max_score": sum(found.possible.values()),
        "late_penalty": 0,
    }
    text, _ = exporter.from_notebook_node(shown, {"nbgrader": about})
    return text


def _plain(sentence: str) -> str:
    """Words of a submission as they are, no Markdown or HTML."""
    return "`" + sentence.replace("`", "'").replace("\n", " ") + "`"
