"""`python -m helpers.tensorflow.predict MODEL FOLDER`: classify a folder, print CSV."""

import sys
from collections.abc import Sequence

from helpers.answers import predict_folder
from helpers.tensorflow.classifier import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; `arguments` without the program's name. Returns the exit code."""
    return predict_folder(load, arguments, "python -m helpers.tensorflow.predict")


if __name__ == "__main__":
    sys.exit(main())
