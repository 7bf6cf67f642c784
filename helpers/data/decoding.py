"""From a photograph file to a picture: one decoder for both frameworks.

Every picture is upright RGB. What a camera or a web page may hand us (a rotated JPEG, a palette
GIF, a PNG with transparency, a greyscale or CMYK scan) is brought to that form here.
"""

import os
import stat
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from helpers.errors import CourseError

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
"""What is opened at all. Formats that run code or call other programs are not among them."""

SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff")
"""Names that a photograph may end with, in any capitals."""

MOST_PIXELS = 100_000_000
"""A larger picture is refused: it would fill the memory."""

LARGE = 20_000_000
"""Pixels from which on pictures are decoded one at a time."""

_one_large = threading.Lock()


class UnreadablePhotograph(CourseError):
    """A file that cannot be decoded. `path` is the file, `reason` a few words."""

    def __init__(self, path, reason: str):
        self.path, self.reason = Path(path), reason
        super().__init__(
            f"{path} cannot be used as a photograph ({reason}): choose another file, "
            "or open and save it again as JPEG or PNG."
        )


def threads() -> int:
    """How many threads decode: one for each processor this process may use, at most eight."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        count = os.cpu_count() or 1
    return max(1, min(8, count))


@contextmanager
def open_image(path) -> Iterator[Image.Image]:
    """A file opened, not decoded yet; whatever is done with it inside.

    Whatever a damaged file makes Pillow raise, also inside, becomes UnreadablePhotograph.
    """
    path = Path(path)
    _hush()
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadablePhotograph(path, "not a file")
        if about.st_size == 0:
            raise UnreadablePhotograph(path, "empty file")
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                size = f"{image.width}x{image.height}"
                raise UnreadablePhotograph(path, f"{size} pixels are too many")
            yield image
    except UnreadablePhotograph:
        raise
    except UnidentifiedImageError:
        raise UnreadablePhotograph(path, "not an image") from None
    except Image.DecompressionBombError:
        raise UnreadablePhotograph(path, "more pixels than a photograph has") from None
    except FileNotFoundError:
        raise UnreadablePhotograph(path, "no such file") from None
    except MemoryError:
        raise UnreadablePhotograph(path, "too large for this machine's memory") from None
    except Exception as error:  # decoders raise many kinds: OSError, struct.error, IndexError ...
        raise UnreadablePhotograph(path, _reason(error)) from None


@cache
def _hush() -> None:
    """Pillow's warnings say what is checked here. Once: threads cannot change filters safely."""
    warnings.filterwarnings("ignore", module=r"PIL\.")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return "truncated" if "truncated" in text.lower() else text[:80]


def _upright_rgb(image: Image.Image) -> Image.Image:
    """Decode: RGB, turned as the camera was held; transparent parts become white."""
    image.load()
    with suppress(Exception):  # damaged EXIF data says nothing about the picture itself
        image = ImageOps.exif_transpose(image)
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I") or image.mode == "F":  # 16 or 32 bits of grey
        values = np.array(image, dtype=np.float32)
        np.nan_to_num(values, copy=False, posinf=0.0, neginf=0.0)
        top = float(values.max(initial=0.0))
        values *= 255.0 / (65535.0 if 255.0 < top <= 65535.0 else max(top, 255.0))
        grey = np.clip(values, 0, 255, out=values).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        return paper
    return image.convert("RGB")


def decode(path, size: int = 224, crop: float = 0.875) -> np.ndarray:
    """A photograph as a square picture: uint8 RGB, (size, size, 3), values 0 to 255.

    The central square whose side is `crop` times the photograph's shorter side, resized to `size`
    pixels: the same as resizing the short side to size / crop and cropping the centre. Large
    JPEGs are decoded at a fraction of their size where that is enough.

    Raises UnreadablePhotograph.
    """
    with open_image(path) as image:
        side = crop * min(image.size)
        if image.format == "JPEG" and side > size:
            image.draft(None, tuple(round(n * size / side) for n in image.size))
        with _turn(image):
            return _square(_upright_rgb(image), size, crop)


def examine(path) -> str:
    """The format of a photograph that `decode` and `read` will decode. Raises as they do.

    JPEGs are decoded at 1/8 of their size, which is quick: every byte is still read.
    """
    with open_image(path) as image:
        form = image.format
        if form == "JPEG":
            image.draft(None, tuple(max(1, n // 8) for n in image.size))
        with _turn(image):
            _square(_upright_rgb(image), 8, 1.0)
    return form


def _turn(image: Image.Image):
    """Large pictures are decoded one at a time, so that many threads do not fill the memory."""
    return _one_large if image.width * image.height > LARGE else nullcontext()


def _square(image: Image.Image, size: int, crop: float) -> np.ndarray:
    side = crop * min(image.size)
    left, top = ((n - side) / 2 for n in image.size)
    box = (left, top, left + side, top + side)
    square = image.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    return np.asarray(square)


def fit(picture: np.ndarray, size: int = 224, crop: float = 1.0) -> np.ndarray:
    """A picture, uint8 RGB (h, w, 3), as a square one (size, size, 3), as `decode` does it."""
    return _square(Image.fromarray(picture), size, crop)


def read(path, longest: int | None = None) -> np.ndarray:
    """A whole photograph, not cropped: uint8 RGB, (h, w, 3).

    longest: the longer side is reduced to this many pixels if it has more. Raises
    UnreadablePhotograph.
    """
    with open_image(path) as image:
        if longest and image.format == "JPEG":
            image.draft(None, (longest, longest))
        with _turn(image):
            upright = _upright_rgb(image)
            if longest and max(upright.size) > longest:
                upright.thumbnail((longest, longest), Image.Resampling.BICUBIC)
            return np.array(upright)


def batches(
    paths: Sequence, size: int, crop: float = 0.875, batch_size: int = 32
) -> Iterator[np.ndarray]:
    """Photographs as uint8 batches (b, size, size, 3), in order, decoded ahead in threads.

    While the caller works on one batch the next ones are decoded; at most a few batches are in
    memory, however many photographs there are. Raises UnreadablePhotograph at the batch that
    holds the file.
    """
    with ThreadPoolExecutor(threads()) as pool:
        ahead: deque = deque()
        starts = iter(range(0, len(paths), batch_size))

        def submit() -> None:
            start = next(starts, None)
            if start is not None:
                part = paths[start : start + batch_size]
                ahead.append([pool.submit(decode, path, size, crop) for path in part])

        submit(), submit(), submit()
        try:
            while ahead:
                batch = np.stack([future.result() for future in ahead.popleft()])
                submit()
                yield batch
        finally:
            for future in (f for futures in ahead for f in futures):
                future.cancel()


def decode_many(paths: Sequence, size: int = 224, crop: float = 0.875) -> np.ndarray:
    """Photographs as one uint8 array (n, size, size, 3). Raises UnreadablePhotograph."""
    pictures = np.empty((len(paths), size, size, 3), np.uint8)
    done = 0
    for batch in batches(paths, size, crop):
        pictures[done : done + len(batch)] = batch
        done += len(batch)
    return pictures


def as_float(pictures: np.ndarray) -> np.ndarray:
    """uint8 pictures, 0 to 255, as float32 in [0, 1]; the shape stays."""
    return pictures.astype(np.float32) / np.float32(255)
