"""ImageNet's 1000 classes: names, and which of them are cats and dogs.

ImageNet (Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015,
https://arxiv.org/abs/1409.0575) is 1.28 million photographs in 1000 classes. All networks of the
course were trained on it. The names are torchvision's.
"""

from difflib import get_close_matches
from functools import cache
from pathlib import Path

import numpy as np

from helpers.errors import CourseError

DOGS = range(151, 269)
"""The 118 classes that are breeds of dog."""

CATS = range(281, 286)
"""The 5 classes that are house cats: tabby, tiger cat, Persian, Siamese, Egyptian."""


@cache
def classes() -> tuple[str, ...]:
    """The 1000 names; the position is the class number."""
    text = Path(__file__).with_name("imagenet_classes.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def find(name: str | int) -> int:
    """The number of the class called `name` (capitals do not matter), or `name` itself if a number.

    Raises CourseError for an unknown name, suggesting near ones.
    """
    names = classes()
    if isinstance(name, (int, np.integer)):
        if 0 <= name < len(names):
            return int(name)
        raise CourseError(f"ImageNet has no class {name}: choose a number from 0 to 999.")
    lower = [n.lower() for n in names]
    wanted = str(name).strip().lower()
    if wanted in lower:
        return lower.index(wanted)
    containing = [n for n in lower if wanted and wanted in n]
    near = containing[:5] or get_close_matches(wanted, lower, n=5, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "see helpers.imagenet.classes()."
    raise CourseError(f"ImageNet has no class called {name!r}: {hint}")


def top(probabilities, count: int = 5) -> list[tuple[str, float]]:
    """The `count` most probable classes of one picture, as (name, probability), best first.

    probabilities: (1000,) array.
    """
    values = np.asarray(probabilities, dtype=np.float64)
    order = np.argsort(values)[::-1][:count]
    return [(classes()[i], float(values[i])) for i in order]
