"""`./run lesson`: the main job, from photographs to a trained classifier."""

from collections.abc import Sequence

from helpers.commands import execute
from helpers.paths import REPOSITORY

NOTEBOOKS = {"pytorch": "TransferLearningPyTorch.ipynb", "tensorflow": "TransferLearningTF.ipynb"}


def main(arguments: Sequence[str]) -> int:
    """Execute the transfer-learning notebook. Returns the exit code."""
    parser = execute.parser("lesson", "Run the lesson's main notebook from top to bottom.")
    parser.add_argument("--framework", choices=NOTEBOOKS, default="pytorch")
    asked = parser.parse_args(arguments)
    return execute.run(
        REPOSITORY / "notebooks" / NOTEBOOKS[asked.framework], asked.parameters, asked.output
    )
