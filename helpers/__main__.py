"""`./run COMMAND`, or `python -m helpers COMMAND`: what can be done from outside a notebook."""

import importlib
import os
import sys
from collections.abc import Sequence

from helpers.errors import CourseError

COMMANDS = {
    "lesson": "run the lesson's main notebook; the last line printed is its results (JSON)",
    "lab": "run the lab's solution (-p NAME VALUE, --framework tensorflow)",
    "starters": "write the lab's starters anew from its solutions",
    "grade": "grade a folder of the lab's submissions: grade FOLDER",
    "execute": "run any notebook from top to bottom: execute NOTEBOOK [-p NAME VALUE]",
    "store": "run notebooks and keep their outputs in them: store NOTEBOOK ...",
    "figures": "make the figures and numbers of the lesson pages again",
    "prefetch": "bring all that a class needs, photographs and weights, before it begins",
    "slides": "make a deck of slides from each notebook, for class",
    "handout": "write each notebook for students (no outputs, no answers) and for the instructor",
    "outfit": "write links to Colab and Binder, the set-up cell and slide types into notebooks",
    "notebook": "open the notebooks in JupyterLab",
    "bench": "measure speed against the usual tutorial code; --quick for a first look",
    "test": "run the linter and all tests; further words go to pytest",
    "stress": "inject faults by the thousand and count what was lost (about half an hour)",
    "troubleshooting": "bring the list of errors in notebooks/Troubleshooting.md up to date",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its module is `helpers.commands.COMMAND`. Returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    # PyTorch's threads sleep while they wait: else two notebooks at once take each other's time.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    name = words[0]
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return importlib.import_module(f"helpers.commands.{name}").main(words[1:])
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def usage() -> str:
    """The commands, one a line."""
    width = max(map(len, COMMANDS))
    lines = [f"  ./run {name:{width}}  {text}" for name, text in COMMANDS.items()]
    return "\n".join(["What the course can do:", *lines])


if __name__ == "__main__":
    sys.exit(main())
