"""Cats and dogs drawn by code: stand-ins for photographs where none can be had.

They come in the 37 breeds of the Oxford-IIIT Pet data set, any number of each, and the same
seed always gives the same picture. A stand-in is never passed off as a photograph.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from tqdm.auto import tqdm

from helpers.data.drawn import body, cat, dog, scene
from helpers.data.drawn.cat_breeds import CATS
from helpers.data.drawn.coat import look
from helpers.data.drawn.dog_breeds import DOGS
from helpers.data.drawn.pen import Pen
from helpers.data.drawn.recipe import Breed, Coat
from helpers.errors import CourseError

__all__ = [
    "BREEDS",
    "CAT_BREEDS",
    "DOG_BREEDS",
    "STYLES",
    "Breed",
    "Coat",
    "find",
    "picture",
    "write",
]

# The Oxford order is alphabetical, capitals and small letters alike.
BREEDS: tuple[Breed, ...] = tuple(sorted(CATS + DOGS, key=lambda breed: breed.name.lower()))
CAT_BREEDS: tuple[str, ...] = tuple(breed.name for breed in BREEDS if breed.species == "cat")
DOG_BREEDS: tuple[str, ...] = tuple(breed.name for breed in BREEDS if breed.species == "dog")
STYLES = ("colour", "sketch")

EDITION = 1  # raise this when the drawings change, so that old files are drawn anew
_SHORT = 512  # everything is drawn at this short side, then reduced
_SHAPES = (1.0, 1.0, 4 / 3, 4 / 3, 3 / 2, 3 / 4, 5 / 4)


def find(breed: str | Breed) -> Breed:
    """The record of a breed by its Oxford name; CourseError names near ones if it is unknown."""
    if isinstance(breed, Breed):
        return breed
    known = {record.name.lower(): record for record in BREEDS}
    key = str(breed).strip().lower().replace(" ", "_")
    if key in known:
        return known[key]
    near = get_close_matches(key, known, n=3, cutoff=0.4) or list(known)[:3]
    names = ", ".join(known[name].name for name in near)
    raise CourseError(f"There is no drawn breed {breed!r}: choose a near one, {names}.")


def _frame(rng: Random) -> tuple[int, int]:
    shape = rng.choice(_SHAPES)
    return (int(_SHORT * shape), _SHORT) if shape >= 1 else (_SHORT, int(_SHORT / shape))


def _place(rng: Random, animal, pose: str, frame: tuple[int, int]) -> tuple[float, complex]:
    """Scale and position that put the animal into the frame, now near, now far."""
    w, h = frame
    left, top, right, bottom = body.extent(animal, pose)
    fit = min(w / (right - left), h / (bottom - top))
    scale = fit * (rng.uniform(0.7, 1.2) if pose == "face" else rng.uniform(0.62, 1.05))
    if rng.random() < 0.05:
        scale *= 0.5
    x = (w - (right - left) * scale) * rng.uniform(0.2, 0.8) - left * scale
    y = (h - (bottom - top) * scale) * rng.uniform(0.45, 0.9) - top * scale
    return scale, complex(x, y)


def picture(breed: str | Breed, seed: int, size: int = 256, style: str = "colour") -> np.ndarray:
    """Draw one animal.

    breed: an Oxford name or a record of `BREEDS`. seed: any whole number; the same seed gives
    the same picture. size: the short side in pixels, at least 16. style: "colour", or "sketch"
    for a pencil drawing on paper.

    Returns RGB uint8 (h, w, 3), 0 to 255; the shape varies as photographs' shapes do.
    Raises CourseError for an unknown breed or style, or a size below 16.
    """
    breed = find(breed)
    if style not in STYLES:
        raise CourseError(
            f"There is no drawing style {style!r}: choose one of {', '.join(STYLES)}."
        )
    if size < 16:
        raise CourseError(f"A drawn picture {size} pixels wide shows nothing: ask for 16 or more.")
    rng = Random(f"{breed.name}/{int(seed)}")
    frame = _frame(rng)
    animal = look(breed, rng)
    pose = rng.choice(("face", "face", "sitting", "sitting", "lying", "standing"))
    animal.away = pose == "sitting" and rng.random() < 0.12
    scale, move = _place(rng, animal, pose, frame)
    image = scene.background(frame, rng)
    if style == "sketch":
        image.paste((255, 255, 255), (0, 0, *frame))
    pen = Pen(image, scale, move)
    body.draw(pen, animal, pose)
    tilt = rng.gauss(0, 7)
    head = cat if breed.species == "cat" else dog
    head.draw(pen.at(0, 0, 1, tilt), animal)
    w, h = (max(1, round(side * size / _SHORT)) for side in frame)
    if 2 * size == _SHORT:
        image = image.reduce(2)
    else:
        kind = Image.Resampling.BOX if size < _SHORT else Image.Resampling.BICUBIC
        image = image.resize((w, h), kind)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return scene.light(image, rng) if style == "colour" else _pencil(image)


def _pencil(image: Image.Image) -> np.ndarray:
    """A pencil drawing: dark where the picture is darker than its surroundings."""
    grey = ImageOps.autocontrast(image.convert("L"))
    around = grey.filter(ImageFilter.GaussianBlur(max(1.0, min(image.size) / 80)))
    lines = np.asarray(grey, np.float32) / (np.asarray(around, np.float32) + 8)
    tone = np.clip(lines, 0, 1) ** 2.2 * (0.72 + 0.28 * np.asarray(grey, np.float32) / 255)
    paper = np.array([250, 246, 236], np.float32)
    ink = np.array([48, 46, 54], np.float32)
    return (ink + (paper - ink) * tone[..., None]).clip(0, 255).astype(np.uint8)


def write(
    folder: str | os.PathLike,
    classes: Mapping[str, Sequence[str]],
    per_class: int,
    seed: int = 0,
    size: int = 256,
    progress: bool = False,
    style: str = "colour",
) -> list[tuple[Path, int]]:
    """Draw `per_class` pictures of each class into `folder/<class>/<breed>_<n>.jpg`.

    classes: class name -> breeds, taken in turn, as {"cat": CAT_BREEDS, "dog": DOG_BREEDS}.
    Picture n of a class is the same however many are asked for. A file that already holds the
    wanted picture stays; a new one gets its name only when it is complete.

    Returns (path, label) in the order of classes and then of n; label k is the k-th class.
    Raises CourseError for an unknown breed, a class without breeds or a negative number.
    """
    if per_class < 0:
        raise CourseError(f"per_class={per_class} pictures cannot be drawn: ask for 0 or more.")
    jobs = []
    for label, (name, breeds) in enumerate(classes.items()):
        breeds = [find(breed) for breed in ([breeds] if isinstance(breeds, str) else breeds)]
        if not breeds:
            raise CourseError(f"The class {name!r} has no breeds to draw: give it at least one.")
        for n in range(per_class):
            breed = breeds[n % len(breeds)]
            jobs.append((Path(folder) / name / f"{breed.name}_{n + 1}.jpg", label, breed, n))
    for path in {job[0].parent for job in jobs}:
        path.mkdir(parents=True, exist_ok=True)
    for path, _, breed, n in tqdm(jobs, desc="Drawing", unit="picture", disable=not progress):
        own = seed * 1_000_003 + n
        note = f"drawn {EDITION} {breed.name} {own} {size} {style}".encode()
        if not _holds(path, note):
            _save(path, picture(breed, own, size, style), note)
    return [(path, label) for path, label, _, _ in jobs]


def _holds(path: Path, note: bytes) -> bool:
    """Whether a file is there, complete, and holds the picture that `note` describes."""
    if not path.is_file():
        return False
    content = path.read_bytes()
    return content.endswith(b"\xff\xd9") and note + b"\xff" in content[:400]


def _save(path: Path, pixels: np.ndarray, note: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            Image.fromarray(pixels).save(file, "JPEG", quality=92, comment=note)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
