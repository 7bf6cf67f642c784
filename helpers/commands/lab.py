"""`./run lab`: the lab's solution, from photographs to a classifier of breeds."""

from collections.abc import Sequence

from helpers.commands import execute
from helpers.paths import REPOSITORY

NOTEBOOKS = {"pytorch": "PetBreedsPyTorch.ipynb", "tensorflow": "PetBreedsTF.ipynb"}


def main(arguments: Sequence[str]) -> int:
    """Execute a solution notebook; the last line printed is its results. Returns the exit code."""
    parser = execute.parser("lab", "Run the lab's solution from top to bottom.")
    parser.add_argument("--framework", choices=NOTEBOOKS, default="pytorch")
    asked = parser.parse_args(arguments)
    solution = REPOSITORY / "lab" / "solutions" / NOTEBOOKS[asked.framework]
    return execute.run(solution, asked.parameters, asked.output)
