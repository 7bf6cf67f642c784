"""Three real photographs that well-known packages ship: a cat and two dogs, always at hand.

The cat is Chelsea from scikit-image (CC0, by Stéfan van der Walt); the dogs are ImageNet
photographs that foolbox ships for trying attacks on. Neither package is imported.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from helpers.data.decoding import decode
from helpers.errors import CourseError

_FILES = {  # package, file, ImageNet class
    "cat": ("skimage", "data/chelsea.png", 285),
    "bull mastiff": ("foolbox", "data/imagenet_00_243.jpg", 243),
    "dalmatian": ("foolbox", "data/imagenet_16_251.jpg", 251),
}

NAMES = tuple(_FILES)
"""The photographs there are; the first is a cat, the others are dogs."""

DOGS = NAMES[1:]


def path(name: str) -> Path:
    """The file of the photograph called `name`.

    Raises CourseError: an unknown name, or a package that is not installed.
    """
    if name not in _FILES:
        raise CourseError(f"There is no example {name!r}: choose one of {', '.join(NAMES)}.")
    package, file, _ = _FILES[name]
    found = find_spec(package)
    place = Path(found.origin).parent / file if found else None
    if place is None or not place.is_file():
        raise CourseError(
            f"The photograph {name!r} comes with the package {package}, which is not installed "
            "whole: run `pip install -r requirements.txt`."
        )
    return place


def class_number(name: str) -> int:
    """The ImageNet class that the photograph shows, as its package or its owner says."""
    path(name)
    return _FILES[name][2]


def picture(name: str, size: int = 224, crop: float = 0.875) -> np.ndarray:
    """The photograph as a square picture, uint8 RGB (size, size, 3). Errors as in `path`."""
    return decode(path(name), size, crop)
