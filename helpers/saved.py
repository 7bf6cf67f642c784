"""What the file of a kept classifier says about itself, which may be anything."""

from helpers.catalogue import NETWORKS, NetworkInfo
from helpers.errors import CourseError

MOST_CLASSES = 10_000
"""A file that names more classes is refused: their weights would fill the memory."""

LONGEST = 1 << 20
"""Bytes of a description; names of classes need far less."""


def described(about) -> tuple[NetworkInfo, tuple[str, ...]]:
    """The network and the names of the classes.

    about: a mapping with "network" and "classes", as `Classifier.save` writes it. Raises
    ValueError, in a few words, for anything else.
    """
    name, classes = about["network"], about["classes"]
    if not isinstance(name, str) or name not in NETWORKS:
        raise ValueError(f"it names the network {str(name)[:40]!r}, which the course has not")
    if not isinstance(classes, list) or not all(isinstance(one, str) for one in classes):
        raise ValueError("its classes are not names")
    if not 1 <= len(classes) <= MOST_CLASSES:
        raise ValueError(f"it has {len(classes):,} classes")
    return NETWORKS[name], tuple(classes)


class Misfit(CourseError):
    """The weights in a file are not those of the network and classes that the file names."""

    def __init__(self, path, info: NetworkInfo, class_names: tuple[str, ...]):
        super().__init__(
            f"{path} holds weights that do not fit {info.title} with {len(class_names)} classes "
            "(they are of another network or of other classes): save the classifier again."
        )
