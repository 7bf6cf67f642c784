"""Photograph files as strangers may send them: cut, flipped, lying about their size."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image


def originals() -> list[bytes]:
    """A photograph as JPEG and PNG of several kinds, and a few of the other formats."""
    from skimage import data

    chelsea = Image.fromarray(data.chelsea()).resize((226, 150))
    palette, grey = chelsea.quantize(64), chelsea.convert("L")
    clear = chelsea.copy()
    clear.putalpha(grey)
    exif = Image.Exif()
    exif[0x0112] = 6
    ways = [
        *((chelsea, "JPEG", {}), (chelsea, "JPEG", {"progressive": True, "exif": exif})),
        *((grey, "JPEG", {}), (chelsea.convert("CMYK"), "JPEG", {"subsampling": 0})),
        *((chelsea, "PNG", {}), (palette, "PNG", {"transparency": 3}), (clear, "PNG", {})),
        *((grey.convert("I").point(lambda n: n * 200).convert("I;16"), "PNG", {}),),
        *((chelsea, "WEBP", {}), (palette, "GIF", {}), (chelsea, "BMP", {}), (grey, "TIFF", {})),
    ]
    return [_written(*way) for way in ways]


def _written(image: Image.Image, form: str, options: dict) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def variants(count: int, seed: int = 0) -> Iterator[bytes]:
    """`count` damaged files, the same for the same seed; three of four are JPEG or PNG."""
    dice, good = random.Random(seed), originals()
    for number in range(count):
        content = good[number % 8] if number % 4 else dice.choice(good)
        for _ in range(dice.choice((1, 1, 1, 2))):
            content = dice.choice(_WAYS)(content, dice)
        yield content


def write(folder: Path, count: int, seed: int = 0) -> list[Path]:
    """The variants as files, some with the suffix of another format."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, content in enumerate(variants(count, seed)):
        suffix = (".jpg", ".png", ".JPEG", ".gif", ".webp")[number % 5]
        paths.append(folder / f"{number:05}{suffix}")
        paths[-1].write_bytes(content)
    return paths


def _cut(content, dice):
    return content[: dice.randrange(len(content) + 1)]


def _flip(content, dice):
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 30)) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _flip_header(content, dice):
    return _flip(content[:400], dice) + content[400:]


def _hole(content, dice):
    """A stretch of zeros, ones or noise, as from a bad disk."""
    start, length = dice.randrange(len(content) + 1), dice.choice((1, 16, 512, 4096))
    filler = dice.choice((bytes(length), b"\xff" * length, dice.randbytes(length)))
    return content[:start] + filler + content[start + length :]


def _splice(content, dice):
    """A piece is missing, doubled, or from elsewhere."""
    a, b = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    return dice.choice((content[:a] + content[b:], content[:b] + content[a:], content[b:]))


def _other_start(content, dice):
    starts = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"%!PS", b"RIFF")
    return dice.choice(starts) + content[dice.randrange(12) :]


def _huge(content, dice):
    """It says that it is far larger than its pixels."""
    width, height = dice.choice(((65535, 65535), (40000, 2000), (65500, 1), (9000, 9000), (0, 9)))
    if content.startswith(b"\x89PNG"):
        header = b"IHDR" + struct.pack(">2L", width, height) + content[24:29]
        return content[:12] + header + struct.pack(">L", zlib.crc32(header)) + content[33:]
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        if (at := content.find(marker)) > 0:
            return content[: at + 5] + struct.pack(">2H", height, width) + content[at + 9 :]
    return content


def _empty(content, dice):
    return b""


def _text(content, dice):
    return dice.choice((b"<html>404</html>", b"\0" * 999, "חתול".encode(), b"MZ\x90\0"))


_WAYS = (*((_cut, _flip, _flip, _flip_header, _hole, _splice, _huge) * 3), _other_start)
_WAYS += (_empty, _text)
