"""How far do features reach? Pictures that grow stranger, from photographs to handwriting.

Every kind comes in two parts that share no picture, one to train a new head on and one to judge.
Nothing is downloaded: the drawings are made by code, textures and tissue are cut from pictures that
scikit-image brings along, the handwriting is scikit-learn's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.catalogue import NetworkInfo
from helpers.data.decoding import decode_many, fit
from helpers.data.photographs import Split
from helpers.errors import CourseError
from helpers.evaluation import wilson
from helpers.plotting import COLOURS, Drawing, _plain, figure

SERIES = {
    "classifier": "the classifier as it is",
    "new head": "a new head on frozen features",
    "pixels": "a new head on pixels",
}
"""Who is asked about each kind of picture."""
_BATCH = 32
_MOST = 200  # pets of one kind in one part


@dataclass(frozen=True)
class Part:
    """pictures: uint8 (n, h, w, 3). labels: (n,), positions in the kind's class names."""

    pictures: np.ndarray
    labels: np.ndarray

    def batches(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Pictures and labels, batch by batch."""
        for start in range(0, len(self.pictures), _BATCH):
            stop = start + _BATCH
            yield self.pictures[start:stop], self.labels[start:stop]


@dataclass(frozen=True)
class Kind:
    """One kind of picture.

    same_question: whether the classes are those the lesson's classifier knows, so that it can be
    asked without a new head.
    """

    name: str
    class_names: tuple[str, ...]
    train: Part
    test: Part
    same_question: bool


def kinds(split: Split, info: NetworkInfo, *, per_class: int = 50, seed: int = 0) -> list[Kind]:
    """Photographs, their outlines, drawings, sketches, textures, stained tissue, handwriting.

    split: the photographs of the lesson; its classes are "cat" and "dog", or breeds. info: the
    network, for the size of the pictures. per_class: at most so many of each class, in each part;
    fewer where there are many breeds.

    Raises CourseError: fewer than 2 pictures of a class, or classes that nobody can draw.
    """
    if per_class < 2:
        raise CourseError(f"{per_class} pictures of a class say nothing: ask for 2 or more.")
    names = split.train.class_names
    few = max(2, min(per_class, _MOST // len(names)))
    parts = [part.take(few, seed) for part in (split.train, split.test)]
    photographs = [
        Part(decode_many(part.paths, info.size, info.crop), np.array(part.labels)) for part in parts
    ]
    outlined = [Part(np.stack([outline(p) for p in q.pictures]), q.labels) for q in photographs]
    made = [
        Kind(
            "stand-ins" if split.train.source == "drawn" else "photographs",
            names,
            *photographs,
            True,
        ),
        Kind("outlines", names, *outlined, True),
    ]
    for name, style in (("drawings", "colour"), ("sketches", "sketch")):
        drawn = [_drawn(names, style, few, start, info) for start in (10_000, 20_000)]
        made.append(Kind(name, names, *drawn, True))
    return [*made, textures(info, per_class), tissue(info, per_class), digits(info, per_class)]


def folder(path: str | Path, info: NetworkInfo, *, per_class: int = 50, seed: int = 0) -> Kind:
    """Your own pictures as a kind: one folder a class, half of each to train and half to judge.

    Raises CourseError: no such folder, fewer than two classes, or a class with fewer than 4
    different pictures.
    """
    from helpers.data.sets import read_folder

    own = read_folder(Path(path).name, Path(path), progress=False).take(2 * per_class, seed)
    if len(own.class_names) < 2:
        raise CourseError(f"{path} holds one class: put the pictures into one folder a class.")
    split = own.split(validation=0, test=0.5, seed=seed)
    parts = (
        Part(decode_many(part.paths, info.size, info.crop), np.array(part.labels))
        for part in (split.train, split.test)
    )
    return Kind(Path(path).name, own.class_names, *parts, False)


def outline(picture: np.ndarray) -> np.ndarray:
    """Only the edges of a picture (h, w, 3), dark on white: uint8 of the same shape."""
    from skimage.color import rgb2gray
    from skimage.filters import gaussian, sobel

    edges = sobel(gaussian(rgb2gray(picture), 1.5))
    paper = 1 - np.clip(edges / max(np.percentile(edges, 99), 1e-6), 0, 1)
    return np.repeat(np.rint(255 * paper).astype(np.uint8)[..., None], 3, axis=2)


def textures(info: NetworkInfo, per_class: int) -> Kind:
    """Brick, grass and gravel: patches of 64 pixels; left halves to train, right ones to judge."""
    from skimage import data

    names = ("brick", "grass", "gravel")
    found = [_patches(getattr(data, name)(), 64) for name in names]
    return Kind("textures", names, *_parts(found, info, per_class), False)


def tissue(info: NetworkInfo, per_class: int) -> Kind:
    """Stained tissue under a microscope, without its colours: is there much brown stain?

    Patches of 32 pixels, all made equally bright and rich in contrast; the third with the most
    stain (diaminobenzidine, by colour deconvolution: Ruifrok and Johnston 2001) against the third
    with the least.
    """
    from skimage import data
    from skimage.color import rgb2gray, rgb2hed

    whole = data.immunohistochemistry()
    grey = (255 * rgb2gray(whole)).astype(np.uint8)
    halves = []
    for patches, stain in zip(
        _patches(grey, 32), _patches(rgb2hed(whole)[..., 2], 32), strict=True
    ):
        order = np.argsort(stain.mean((1, 2)))
        third = len(order) // 3
        even = _even(patches)
        halves.append((even[order[:third]], even[order[-third:]]))
    (few, many), (few_held, many_held) = halves
    found = [(few, few_held), (many, many_held)]
    return Kind("tissue", ("little stain", "much stain"), *_parts(found, info, per_class), False)


def digits(info: NetworkInfo, per_class: int) -> Kind:
    """Handwritten digits, 8x8 pixels, enlarged."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    images = (pixels.reshape(-1, 8, 8) * 255 / 16).astype(np.uint8)
    found = [(own[::2], own[1::2]) for own in (images[labels == digit] for digit in range(10))]
    names = tuple(str(digit) for digit in range(10))
    return Kind("handwriting", names, *_parts(found, info, max(2, per_class // 3)), False)


def _patches(picture: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The patches of the left half and of the right half, (n, size, size) each."""
    height, width = (side // size for side in picture.shape[:2])
    grid = picture[: height * size, : width * size].reshape(height, size, width, size)
    grid = grid.transpose(2, 0, 1, 3)  # column by column
    left, right = grid[: width // 2], grid[width - width // 2 :]
    return left.reshape(-1, size, size), right.reshape(-1, size, size)


def _even(patches: np.ndarray) -> np.ndarray:
    """Grey patches (n, h, w) with the same mean and spread each, uint8."""
    mean, std = (f((1, 2), keepdims=True) for f in (patches.mean, patches.std))
    return np.clip(128 + 48 * (patches - mean) / (std + 1e-6), 0, 255).astype(np.uint8)


def _parts(found: Sequence[tuple], info: NetworkInfo, per_class: int) -> Iterator[Part]:
    """found: for each class (pictures to train on, pictures to judge), grey."""
    for pairs in zip(*found, strict=True):
        own = [_spread(pictures, per_class) for pictures in pairs]
        shown = [_enlarged(picture, info.size) for pictures in own for picture in pictures]
        labels = np.repeat(np.arange(len(own)), [len(pictures) for pictures in own])
        yield Part(np.stack(shown), labels)


def _spread(pictures: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of the pictures, evenly spread over all."""
    return pictures[np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(int)]


def _enlarged(grey: np.ndarray, size: int) -> np.ndarray:
    large = Image.fromarray(grey).resize((size, size), Image.Resampling.BICUBIC)
    return np.repeat(np.asarray(large)[..., None], 3, axis=2)


def _drawn(names, style: str, per_class: int, start: int, info: NetworkInfo) -> Part:
    from helpers.data import drawn

    breeds = {"cat": drawn.CAT_BREEDS, "dog": drawn.DOG_BREEDS}
    found, labels = [], []
    for label, name in enumerate(names):
        own = breeds.get(name.lower(), (name,))
        for n in range(per_class):
            picture = drawn.picture(own[n % len(own)], start + n, style=style)
            found.append(fit(picture, info.size, info.crop))
            labels.append(label)
    return Part(np.stack(found), np.array(labels))


def pixels(part: Part, side: int = 16) -> np.ndarray:
    """What a head without a network would see: float32 (n, side * side * 3) in [0, 1]."""
    small = [Image.fromarray(p).resize((side, side), Image.Resampling.BOX) for p in part.pictures]
    return np.stack([np.asarray(p, np.float32).ravel() / 255 for p in small])


def new_head(kind: Kind, train: np.ndarray, test: np.ndarray) -> tuple[float, tuple[float, float]]:
    """Accuracy of a linear head, and its 95 % interval. train, test: (n, d), one row a picture."""
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=0.1, max_iter=1000).fit(train, kind.train.labels)
    right = int((head.predict(test) == kind.test.labels).sum())
    return right / len(test), wilson(right, len(test))


def strangeness(features: np.ndarray, known: np.ndarray) -> float:
    """How far pictures are from the nearest known photograph: mean of 1 - cosine, 0 to 1.

    features: (n, d) of the pictures. known: (m, d) of the photographs that were trained on.
    """
    a, b = (m / np.linalg.norm(m, axis=1, keepdims=True) for m in (features, known))
    return float(1 - (a @ b.T).max(1).mean())


def in_order(rows: Sequence[dict]) -> list[dict]:
    """The rows of `chart`: the first one, which the classifier learned from, then from the least
    to the most strange."""
    return [rows[0], *sorted(rows[1:], key=lambda row: row["strangeness"])]


def summary(rows: Sequence[dict]) -> dict:
    """The rows of `chart`, in order, to be published.

    kinds: by name, accuracy (of the classifier where it knows the question, else of a new head)
    with its 95 % interval, and the accuracies of all three. first, last: the classifier's accuracy
    on what it learned from and on the strangest pictures it can be asked about.
    """
    kinds = {}
    for row in rows:
        accuracy, interval = row["classifier"] or row["new head"]
        three = {name.replace(" ", "_"): row[name] and row[name][0] for name in SERIES}
        kinds[row["kind"]] = {
            "accuracy": accuracy,
            "interval": interval,
            **three,
            **{name: row[name] for name in ("strangeness", "chance", "pictures")},
        }
    asked = [row["classifier"][0] for row in rows if row["classifier"]]
    return {"kinds": kinds, "first": asked[0], "last": asked[-1]}


def chart(rows: Sequence[dict]) -> Drawing:
    """Accuracy by kind, in the order given, with intervals.

    rows: "kind", "strangeness", "chance", "pictures" (how many were judged), and for each of
    `SERIES` a pair (accuracy, (low, high)) or None.
    """
    made, ((axis,),) = figure(1, 1, 9.5, 4)
    for i, (name, title) in enumerate(SERIES.items()):
        places = [p for p, row in enumerate(rows) if row[name]]
        values = np.array([rows[p][name][0] for p in places])
        low, high = np.array([rows[p][name][1] for p in places]).T
        x = np.array(places) + 0.16 * (i - 1)
        style = {"color": COLOURS[i], "linestyle": ("-", "--", ":")[i]}
        errors = np.clip([values - low, high - values], 0, None)
        axis.errorbar(x, values, errors, marker="os^"[i], capsize=3, label=title, **style)
    for place, row in enumerate(rows):
        label = "guessing" if place == 0 else None
        axis.hlines(row["chance"], place - 0.3, place + 0.3, color="black", lw=1, label=label)
    labels = [f"{row['kind']}\n({row['strangeness']:.2f})" for row in rows]
    axis.set_xticks(range(len(rows)), labels)
    axis.set_ylim(0, 1.03)
    axis.set_ylabel("accuracy")
    axis.set_xlabel("kind of picture (how strange)")
    axis.legend(fontsize=8, loc="lower left")
    _plain(axis)
    listed = "; ".join(
        f"{row['kind']}: "
        + ", ".join(f"{title} {row[name][0]:.0%}" for name, title in SERIES.items() if row[name])
        for row in rows
    )
    return Drawing(
        made, f"Accuracy by kind of picture, from photographs to the strangest. {listed}."
    )
