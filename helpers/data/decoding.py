"""From a photograph file to a picture: one decoder for both frameworks.

Every picture is upright RGB. What a camera or a web page may hand us (a rotated JPEG, a palette
GIF, a PNG with transparency, a greyscale or CMYK scan) is brought to that form here.
"""

import os
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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


def open_image(path) -> Image.Image:
    """Open a file without decoding it yet. Raises UnreadablePhotograph, with the reason."""
    path = Path(path)
    try:
        if path.stat().st_size == 0:
            raise UnreadablePhotograph(path, "empty file")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes that are checked just below
            image = Image.open(path, formats=FORMATS)
    except UnidentifiedImageError:
        raise UnreadablePhotograph(path, "not an image") from None
    except Image.DecompressionBombError:
        raise UnreadablePhotograph(path, "more pixels than a photograph has") from None
    except FileNotFoundError:
        raise UnreadablePhotograph(path, "no such file") from None
    except UnreadablePhotograph:
        raise
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadablePhotograph(path, _reason(error)) from None
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise UnreadablePhotograph(path, f"{image.width}x{image.height} pixels are too many")
    return image


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return "truncated" if "truncated" in text.lower() else text[:80]


def _load(image: Image.Image, path) -> None:
    """Decode. Whatever a damaged file makes Pillow raise becomes UnreadablePhotograph."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # decoders raise many kinds: OSError, struct.error, IndexError ...
        raise UnreadablePhotograph(path, _reason(error)) from None


def _upright_rgb(image: Image.Image) -> Image.Image:
    """RGB, turned as the camera was held; transparent parts become white."""
    try:
        image = ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF data says nothing about the picture itself
        pass
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I") or image.mode == "F":  # 16 or 32 bits of grey
        values = np.asarray(image, dtype=np.float64)
        values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        top = values.max(initial=0.0)
        scale = 255.0 / (65535.0 if top > 255.0 and top <= 65535.0 else max(top, 255.0))
        grey = np.clip(values * scale, 0, 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
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
        _load(image, path)
        upright = _upright_rgb(image)
        return _square(upright, size, crop)


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
        _load(image, path)
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
