"""Smooth shapes on a Pillow picture: the few strokes everything here is drawn with.

Points are complex numbers, x to the right and y down, so that turning, scaling and moving a
drawing is one multiplication and one addition. One unit is half the width of a head.
"""

from functools import cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw

CIRCLE = np.exp(2j * np.pi * np.arange(36) / 36)
TILE = 1024


def rgb(colour) -> tuple[int, int, int]:
    """A "#rrggbb" string, or a colour already in numbers, as three numbers 0 to 255."""
    if isinstance(colour, str):
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    return tuple(colour)


def mix(a, b, share: float) -> tuple[int, int, int]:
    """The colour `share` of the way from `a` to `b`."""
    return tuple(int(x + (y - x) * share) for x, y in zip(rgb(a), rgb(b), strict=True))


def points(text_or_pairs) -> np.ndarray:
    """Pairs (x, y) as complex numbers."""
    pairs = np.asarray(text_or_pairs, float)
    return pairs[:, 0] + 1j * pairs[:, 1]


def mirrored(pairs) -> np.ndarray:
    """A closed outline from its right half, given from the top middle to the bottom middle."""
    right = points(pairs)
    inner = right[1:-1][::-1]
    return np.concatenate([right, -inner.conj()])


@cache
def _spline(steps: int) -> np.ndarray:
    t = np.arange(steps)[:, None] / steps
    rows = [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3]
    return np.hstack(rows) / 2


def smooth(z: np.ndarray, steps: int = 7) -> np.ndarray:
    """The closed Catmull-Rom curve through the points `z`."""
    near = np.stack([np.roll(z, 1), z, np.roll(z, -1), np.roll(z, -2)])
    return (_spline(steps) @ near).T.ravel()


def path(pairs, steps: int = 7) -> np.ndarray:
    """The open smooth curve through points, ends included."""
    z = points(pairs)
    z = np.concatenate([[2 * z[0] - z[1]], z, [2 * z[-1] - z[-2]]])
    near = np.stack([z[:-3], z[1:-2], z[2:-1], z[3:]])
    return np.append((_spline(steps) @ near).T.ravel(), z[-2])


def stroke(curve: np.ndarray, width) -> np.ndarray:
    """The outline of a curve drawn with a brush; `width` one number or one for each end."""
    ends = np.atleast_1d(np.asarray(width, float))
    half = np.interp(np.linspace(0, 1, len(curve)), np.linspace(0, 1, len(ends)), ends) / 2
    along = np.gradient(curve)
    side = 1j * along / (np.abs(along) + 1e-9) * half
    return np.concatenate([curve + side, (curve - side)[::-1]])


def shaggy(outline: np.ndarray, amount: float, rng, every: float = 0.13) -> np.ndarray:
    """An outline with tufts of hair about `amount` units long that hang down a little."""
    loop = np.append(outline, outline[0])
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(loop)))])
    tufts = max(8, int(length[-1] / every))
    at = np.linspace(0, length[-1], 2 * tufts, endpoint=False)
    at[1::2] += np.array([rng.uniform(-0.3, 0.3) for _ in range(tufts)]) * every / 2
    base = np.interp(at, length, loop.real) + 1j * np.interp(at, length, loop.imag)
    along = np.roll(base, -1) - np.roll(base, 1)
    away = -1j * along / (np.abs(along) + 1e-9)
    area = np.sum(base.real * np.roll(base.imag, -1) - base.imag * np.roll(base.real, -1))
    away = away if area > 0 else -away
    long = np.array([rng.uniform(0.5, 1.25) for _ in range(tufts)]) * amount
    base[1::2] += away[1::2] * long + 0.5j * long
    base[0::2] -= away[0::2] * amount * 0.15
    return base


@cache
def stencil(kind: str) -> Image.Image:
    """A cached mask (mode "L", TILE x TILE) of speckles or clouds."""
    rng = np.random.default_rng(11)
    grain, share = {
        "speckle": ((3, 3), 0.36),
        "fleck": ((8, 8), 0.2),
        "cloud": ((34, 34), 0.33),
        "streak": ((3, 22), 0.4),
        "brindle": ((42, 4), 0.34),
    }[kind]
    small = rng.normal(size=(TILE // grain[1] + 1, TILE // grain[0] + 1)).astype(np.float32)
    noise = np.asarray(Image.fromarray(small).resize((TILE, TILE), Image.Resampling.BICUBIC))
    edge = np.quantile(noise, 1 - share)
    return Image.fromarray(np.clip((noise - edge) * 400 + 128, 0, 255).astype(np.uint8))


@cache
def _hair() -> Image.Image:
    rng = np.random.default_rng(5)
    fine = rng.normal(size=(TILE // 9, TILE // 2)).astype(np.float32)
    soft = rng.normal(size=(TILE // 40, TILE // 24)).astype(np.float32)
    tile = (TILE, TILE)
    noise = np.asarray(Image.fromarray(fine).resize(tile, Image.Resampling.BILINEAR)) * 0.7
    noise = noise + np.asarray(Image.fromarray(soft).resize(tile, Image.Resampling.BICUBIC)) * 0.6
    grey = np.clip(232 + 13 * noise, 0, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=2))


@cache
def _round() -> Image.Image:
    """Light from the upper left on something round; the shadow is cool."""
    y, x = np.mgrid[-1:1:48j, -1:1:48j]
    shade = np.clip(np.hypot(x + 0.35, y + 0.45) - 0.45, 0, 1.4)
    fall = np.stack([shade * 0.34, shade * 0.34, shade * 0.27], axis=-1)
    return Image.fromarray(((1 - fall).clip(0, 1) * 255).astype(np.uint8))


class Pen:
    """Draws filled shapes on a picture. The point z lands on pixel `turn * z + move`."""

    def __init__(self, image, turn=1 + 0j, move=0j):
        self.image, self.turn, self.move = image, turn, move
        self.draw = ImageDraw.Draw(image)

    def at(self, x: float, y: float, scale: float = 1.0, degrees: float = 0.0) -> "Pen":
        """A pen on the same picture whose origin, size and direction are moved."""
        pen = object.__new__(Pen)
        pen.image, pen.draw = self.image, self.draw
        pen.move = self.turn * complex(x, y) + self.move
        pen.turn = self.turn * scale * np.exp(1j * np.radians(degrees))
        return pen

    def fill(self, z: np.ndarray, colour) -> None:
        """A filled outline."""
        z = np.ascontiguousarray(self.turn * z + self.move)
        self.draw.polygon(z.view(float).tolist(), fill=rgb(colour))

    def oval(self, x, y, rx, ry, colour, degrees: float = 0.0) -> None:
        """A filled ellipse with half axes rx and ry."""
        z = CIRCLE.real * rx + 1j * CIRCLE.imag * ry
        if degrees:
            z = z * np.exp(1j * np.radians(degrees))
        self.fill(z + complex(x, y), colour)

    def line(self, pairs, width, colour) -> None:
        """A smooth brush line through points."""
        self.fill(stroke(path(pairs, 5), width), colour)

    def part(self, outline, colour, fur: float = 0.0, rng=None, shadow: float = 0.3) -> "Part":
        """A piece of coat: draw on it, then call `done`; nothing leaves its outline."""
        if fur > 0.05:
            outline = shaggy(outline, 0.02 + 0.13 * fur, rng, 0.09 + 0.07 * fur)
        return Part(self, outline, colour, shadow)


class Part(Pen):
    """A piece of coat, drawn apart and then laid on its parent picture."""

    def __init__(self, parent: Pen, outline: np.ndarray, colour, shadow: float):
        z = np.ascontiguousarray(parent.turn * outline + parent.move)
        width, height = parent.image.size
        left, top = max(0, int(z.real.min())), max(0, int(z.imag.min()))
        right = max(left + 1, min(width, int(z.real.max()) + 2))
        low = max(top + 1, min(height, int(z.imag.max()) + 2))
        self.parent, self.corner, self.shadow = parent, (left, top), shadow
        self.mask = Image.new("L", (right - left, low - top))
        z -= complex(left, top)
        ImageDraw.Draw(self.mask).polygon(z.view(float).tolist(), fill=255)
        image = Image.new("RGB", self.mask.size, rgb(colour))
        super().__init__(image, parent.turn, parent.move - complex(left, top))

    def dust(self, kind: str, colour, rng, where: np.ndarray | None = None) -> None:
        """Colour through a stencil, everywhere or inside an outline."""
        x, y = rng.randrange(TILE), rng.randrange(TILE)
        width, height = self.image.size
        x, y = min(x, max(0, TILE - width)), min(y, max(0, TILE - height))
        mask = stencil(kind).crop((x, y, x + width, y + height))
        if where is not None:
            inside = Image.new("L", mask.size)
            Pen(inside, self.turn, self.move).draw.polygon(
                np.ascontiguousarray(self.turn * where + self.move).view(float).tolist(), fill=255
            )
            mask = ImageChops.multiply(mask, inside)
        self.image.paste(rgb(colour), (0, 0), mask)

    def done(self, rng, round_=True, hair=True) -> None:
        """Shade the piece and lay it on its parent, with a soft shadow beneath."""
        image, size = self.image, self.image.size
        if hair:
            x = rng.randrange(max(1, TILE - size[0]))
            y = rng.randrange(max(1, TILE - size[1]))
            image = ImageChops.multiply(image, _hair().crop((x, y, x + size[0], y + size[1])))
        if round_:
            light = _round().resize(size, Image.Resampling.BILINEAR)
            image = ImageChops.multiply(image, light)
        if self.shadow:
            drop = int(abs(self.turn) * 0.07) + 1
            dark = self.mask.point([int(v * self.shadow) for v in range(256)])
            corner = (self.corner[0] + drop // 2, self.corner[1] + drop)
            self.parent.image.paste((24, 18, 30), corner, dark)
        self.parent.image.paste(image, self.corner, self.mask)
