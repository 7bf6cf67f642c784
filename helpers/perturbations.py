"""What becomes of an attacked picture, and how it is shown. Pictures are NumPy (n, h, w, 3)."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from helpers.errors import CourseError


@dataclass(frozen=True)
class Outcome:
    """How an attack ended, on pictures as they are after saving.

    success: for each picture, whether the wanted class is now the most probable one. confidence:
    its probability, (n,).
    """

    success: np.ndarray
    confidence: np.ndarray

    @property
    def success_rate(self) -> float:
        """Fraction of pictures, from 0 to 1."""
        return float(self.success.mean())

    @property
    def mean_confidence(self) -> float:
        """Mean probability of the wanted class over all pictures."""
        return float(self.confidence.mean())


def outcome(probabilities: np.ndarray, target: int) -> Outcome:
    """The outcome for a wanted class; probabilities (n, classes) of the attacked pictures."""
    return Outcome(probabilities.argmax(1) == target, probabilities[:, target])


def as_bytes(pictures: np.ndarray) -> np.ndarray:
    """Pictures, float in [0, 1] or uint8, as the nearest uint8."""
    pictures = np.asarray(pictures)
    if pictures.dtype == np.uint8:
        return pictures
    return np.round(np.clip(pictures, 0, 1) * 255).astype(np.uint8)


def saved(pictures: np.ndarray, kind: str = "PNG", quality: int | None = None) -> np.ndarray:
    """Pictures as they come back from a file: uint8, the same shape.

    kind: "PNG" rounds to 8 bits and loses nothing else; "JPEG" loses more, the lower its
    quality (1 to 95).
    """
    about = {} if quality is None else {"quality": quality}

    def through_a_file(picture: np.ndarray) -> np.ndarray:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, kind, **about)
        return np.asarray(Image.open(file).convert("RGB"))

    return np.stack([through_a_file(picture) for picture in as_bytes(pictures)])


def resized(pictures: np.ndarray, factor: float) -> np.ndarray:
    """Pictures with `factor` times as many pixels in each direction, uint8."""
    height, width = pictures.shape[1:3]
    size = max(1, round(width * factor)), max(1, round(height * factor))
    kind = Image.Resampling.BICUBIC
    return np.stack([np.asarray(Image.fromarray(p).resize(size, kind)) for p in as_bytes(pictures)])


def largest_change(before: np.ndarray, after: np.ndarray) -> int:
    """The largest change of any value of any pixel, in steps of 1/255, after saving."""
    return int(np.abs(as_bytes(after).astype(int) - as_bytes(before)).max())


def amplified(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, int]:
    """The perturbation of one picture made visible: float (h, w, 3) around grey, and the factor.

    The factor is the largest whole number at which nothing is cut off.
    """
    change = as_bytes(after).astype(np.float32) - as_bytes(before)
    factor = max(1, int(127 // max(1.0, np.abs(change).max())))
    return np.clip(0.5 + factor * change / 255, 0, 1), factor


def check(pictures: np.ndarray) -> np.ndarray:
    """Pictures fit to be attacked, uint8 (n, h, w, 3); one picture (h, w, 3) becomes a set of one.

    Raises CourseError: an alpha channel, values that are no picture's, or fewer than 32 pixels.
    """
    pictures = np.asarray(pictures)
    pictures = pictures[None] if pictures.ndim == 3 else pictures
    if pictures.ndim != 4 or pictures.shape[3] != 3:
        shape = "x".join(map(str, pictures.shape))
        alpha = pictures.ndim == 4 and pictures.shape[3] == 4
        why = "has an alpha channel" if alpha else f"has the shape {shape}"
        raise CourseError(
            f"The picture {why}, not height x width x 3: read its file with helpers.data.decode."
        )
    if min(pictures.shape[1:3]) < 32:
        raise CourseError(
            f"A picture of {pictures.shape[2]}x{pictures.shape[1]} pixels is too small: choose "
            "one with 32 pixels or more in both directions."
        )
    if pictures.dtype != np.uint8 and not (pictures.min() >= 0 and pictures.max() <= 1):
        raise CourseError(
            "The picture has values outside 0 to 1: give uint8 from 0 to 255, or floats / 255."
        )
    return as_bytes(pictures)
