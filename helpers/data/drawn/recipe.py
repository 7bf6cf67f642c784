"""What a recipe for a breed is made of: data only.

`cat_breeds.py` and `dog_breeds.py` hold the recipes; `body.py`, `cat.py`, `dog.py` draw them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Coat:
    """One colouring of a breed. Colours are "#rrggbb"; a colour left out is `base`'s.

    `pattern` is a set of words that `coat.py` knows how to paint, such as "tabby" or "blaze".
    """

    base: str
    mark: str = "#2b221d"
    light: str = "#f4eee4"
    head: str = ""
    ears: str = ""
    legs: str = ""
    tail: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Breed:
    """A breed and its recipe.

    name: the Oxford name. species: "cat" or "dog". coats: the colourings it comes in.
    eyes: colours of the iris. ears: the shape. ear: their size (1 is usual).
    width, jaw: of the face (1 is usual). muzzle: how long and heavy, 0 is flat.
    fur: coat length, 0 sleek to 1 shaggy. stout, legs: of the body (1 is usual).
    eye: size of the eyes. tail: its shape. traits: words for what only some breeds have.
    """

    name: str
    species: str
    coats: tuple[Coat, ...]
    eyes: tuple[str, ...]
    ears: str = "prick"
    ear: float = 1.0
    width: float = 1.0
    jaw: float = 1.0
    muzzle: float = 0.5
    fur: float = 0.1
    stout: float = 1.0
    legs: float = 1.0
    eye: float = 1.0
    tail: str = "long"
    traits: str = ""
