"""`./run execute NOTEBOOK`: run a notebook from top to bottom."""

import argparse
import ast
import json
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from helpers import results
from helpers.errors import CourseError
from helpers.paths import data_folder


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """The options that every command has which executes a notebook."""
    made = argparse.ArgumentParser(prog=f"./run {name}", description=description)
    made.add_argument(
        "-p",
        dest="parameters",
        nargs=2,
        metavar=("NAME", "VALUE"),
        action="append",
        default=[],
        help="a value for the notebook's parameters cell; may be repeated",
    )
    made.add_argument("-o", "--output", type=Path, help="the executed copy (data/executed/...)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Execute the notebook named on the command line. Returns the exit code."""
    options = parser("execute", "Run a notebook from top to bottom.")
    options.add_argument("notebook", type=Path)
    asked = options.parse_args(arguments)
    return run(asked.notebook, asked.parameters, asked.output)


def run(notebook: Path, words: Sequence[tuple[str, str]], output: Path | None = None) -> int:
    """Execute a notebook and print its results, if it publishes any. Returns the exit code."""
    chosen = parameters(notebook, words)
    written = execute(notebook, chosen, output)
    print(f"The executed notebook is {written}.", file=sys.stderr)
    if _publishes(written):
        print(json.dumps(results.read(written), ensure_ascii=False))
    return 0


def parameters(notebook: Path, words: Sequence[tuple[str, str]]) -> dict:
    """Names and values from the command line, as the notebook's parameters cell has them.

    Raises CourseError: no such notebook, an unknown name, or a value of another kind.
    """
    known = defaults(notebook)
    chosen = {}
    for name, word in words:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}."
            raise CourseError(f"{notebook.name} has no parameter {name!r}: {hint}")
        chosen[name] = _value(word, known[name], name)
    return chosen


def defaults(notebook: Path) -> dict:
    """The parameters cell of a notebook as a dictionary; empty where it has none.

    Raises CourseError: no notebook, or a parameters cell that holds more than plain literals.
    """
    import nbformat

    try:
        cells = nbformat.read(notebook, as_version=4).cells
    except FileNotFoundError:
        raise CourseError(f"{notebook} does not exist: name a notebook (.ipynb).") from None
    except Exception:  # nbformat raises many kinds
        raise CourseError(f"{notebook} is not a notebook: name an .ipynb file.") from None
    tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    try:
        body = ast.parse(tagged[0]).body if tagged else []
        return {line.targets[0].id: ast.literal_eval(line.value) for line in body}
    except (SyntaxError, ValueError, AttributeError):
        raise CourseError(
            f"The parameters cell of {notebook} holds more than plain literals: mend it."
        ) from None


def _value(word: str, default, name: str):
    """The word as a value of the same kind as the default."""
    try:
        value = ast.literal_eval(word)
    except (ValueError, SyntaxError):
        value = word
    if isinstance(default, str) and not isinstance(value, str):
        value = word
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if default is not None and value is not None and type(value) is not type(default):
        kind = type(default).__name__
        raise CourseError(
            f"The parameter {name} cannot be {word!r}: give a value like {default!r} (a {kind})."
        )
    return value


def execute(notebook: Path, chosen: Mapping, output: Path | None = None) -> Path:
    """Run a notebook with papermill. Returns the executed copy.

    chosen: values for the parameters cell. output: by default `executed` in the data folder.
    Raises CourseError where a cell fails: the copy then ends with the error.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    output = output or data_folder() / "executed" / notebook.name
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"{output.parent} cannot be written ({error.strerror}): set COURSE_DATA to a folder "
            "of your own."
        ) from None
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # this environment's kernel, not the user's
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # the debugger warns of frozen modules
    try:
        papermill.execute_notebook(
            str(notebook),
            str(output),
            dict(chosen),
            cwd=str(notebook.parent),
            kernel_name="python3",
            language="python",
        )
    except PapermillExecutionError as error:
        said = error.evalue if error.ename == "CourseError" else f"{error.ename}: {error.evalue}"
        raise CourseError(
            f"Cell {error.cell_index} of {notebook.name} failed. {said} (See {output}.)"
        ) from None
    return output


def _publishes(executed: Path) -> bool:
    return results.MIME in executed.read_text(encoding="utf-8")
