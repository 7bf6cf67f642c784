"""What the stored runs of the notebooks say: nothing to explain, no more memory than promised."""

import re

import nbformat
import pytest
from conftest import REPOSITORY
from stored import differences

from helpers import results

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
BAR = re.compile(r"\d+%\||\d+it \[|\?it/s|it/s\]")


def run_of(path):
    """A stored notebook; the test is skipped while its outputs are not stored."""
    notebook = nbformat.read(path, as_version=4)
    if not any(cell.get("outputs") for cell in notebook.cells):
        pytest.skip("its outputs are not stored: run ./run store")
    return notebook


def troubles(notebook) -> list[str]:
    """Lines on stderr that are no progress bar, and errors."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get(
                "tags", ()
            ):
                found.append(f"{output.ename}: {output.evalue}")
            if output.output_type == "stream" and output.name == "stderr":
                lines = re.split(r"[\r\n]+", output.text)
                found += [line for line in lines if line.strip() and not BAR.search(line)]
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_to_explain(path):
    assert troubles(run_of(path)) == []


def promised_megabytes() -> float:
    """README.md: `... at most 3.5 GB of memory ...`."""
    said = re.search(
        r"at most ([\d.]+) GB of memory", (REPOSITORY / "README.md").read_text("utf-8")
    )
    assert said, "README.md does not say how much memory a notebook needs"
    return 1000 * float(said[1])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_memory_stays_below_what_the_readme_says(path):
    run_of(path)
    if "results.publish(" not in path.read_text(encoding="utf-8"):
        pytest.skip("it computes nothing")
    assert 100 < results.read(path)["memory_mb"] <= promised_megabytes()


def test_troubles_are_found():
    made = nbformat.v4.new_notebook()
    outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="Training:  50%|#### | 1/2\r\n"),
        nbformat.v4.new_output("stream", name="stderr", text="UserWarning: old\n"),
        nbformat.v4.new_output("error", ename="ValueError", evalue="x"),
        nbformat.v4.new_output("stream", name="stdout", text="fine"),
    ]
    made.cells.append(nbformat.v4.new_code_cell("1", outputs=outputs))
    assert troubles(made) == ["UserWarning: old", "ValueError: x"]
    made.cells[0].metadata["tags"] = ["raises-exception"]
    assert troubles(made) == ["UserWarning: old"]


def test_differences_are_found():
    one = {"a": {"accuracy": 0.9, "n": 120, "seconds": 3.0}, "who": "drawn", "curve": [1.0, 2.0]}
    assert differences(one, one) == []
    other = {"a": {"accuracy": 0.91, "n": 120, "seconds": 9.0}, "who": "drawn", "curve": [1.0, 2.1]}
    assert differences(one, other) == []
    other = {"a": {"accuracy": 0.8, "n": 121}, "who": "mirror", "curve": [1.0, 3.0], "new": 1}
    assert differences(one, other) == [
        "a.accuracy: 0.9 and 0.8",
        "a.n: 120 and 121",
        "a.seconds is in one only",
        "curve.1: 2.0 and 3.0",
        "new is in one only",
        "who: drawn and mirror",
    ]
