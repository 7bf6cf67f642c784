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


@cache
def _neighbours(count: int) -> np.ndarray:
    return (np.arange(count) + np.array([[-1], [0], [1], [2]])) % count


def smooth(z: np.ndarray, steps: int = 7) -> np.ndarray:
    """The closed Catmull-Rom curve through the points `z`."""
    return (_spline(steps) @ z[_neighbours(len(z))]).T.ravel()


def path(pairs, steps: int = 7) -> np.ndarray:
    """The open smooth curve through points, ends included."""
    z = points(pairs)
    z = np.concatenate([[2 * z[0] - z[1]], z, [2 * z[-1] - z[-2]]])
    near = np.array([z[:-3], z[1:-2], z[2:-1], z[3:]])
    return np.append((_spline(steps) @ near).T.ravel(), z[-2])


@cache
def _blend(count: int, ends: int) -> np.ndarray:
    """Rows of weights that spread `ends` widths over `count` points."""
    at = np.linspace(0, ends - 1, count)[:, None] if ends > 1 else np.zeros((count, 1))
    return np.clip(1 - np.abs(at - np.arange(ends)), 0, 1) / 2


def stroke(curve: np.ndarray, width) -> np.ndarray:
    """The outline of a curve drawn with a brush; `width` one number or one for each end."""
    ends = [width] if isinstance(width, float | int) else width
    half = _blend(len(curve), len(ends)) @ np.asarray(ends, float)
    along = np.empty_like(curve)
    along[1:-1] = curve[2:] - curve[:-2]
    along[0], along[-1] = curve[1] - curve[0], curve[-1] - curve[-2]
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
    long = np.array([rng.uniform(0.3, 1.4) for _ in range(tufts)]) * amount
    down = along[1::2] / (np.abs(along[1::2]) + 1e-9)
    down = down * np.sign(down.imag)
    base[1::2] += away[1::2] * long + (0.3j + 0.7 * down) * long
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
        "streak": ((2, 16), 0.4),
        "brindle": ((5, 30), 0.32),
    }[kind]
    small = rng.normal(size=(TILE // grain[1] + 1, TILE // grain[0] + 1)).astype(np.float32)
    noise = np.asarray(Image.fromarray(small).resize((TILE, TILE), Image.Resampling.BICUBIC))
    edge = np.quantile(noise, 1 - share)
    return Image.fromarray(np.clip((noise - edge) * 400 + 128, 0, 255).astype(np.uint8))


@cache
def _hair() -> Image.Image:
    """A cached mask of how dark the coat is between its hairs, mode "L"."""
    rng = np.random.default_rng(5)
    fine = rng.normal(size=(TILE // 9, TILE // 2)).astype(np.float32)
    soft = rng.normal(size=(TILE // 40, TILE // 24)).astype(np.float32)
    tile = (TILE, TILE)
    noise = np.asarray(Image.fromarray(fine).resize(tile, Image.Resampling.BILINEAR)) * 0.7
    noise = noise + np.asarray(Image.fromarray(soft).resize(tile, Image.Resampling.BICUBIC)) * 0.6
    return Image.fromarray(np.clip(14 + 20 * noise, 0, 255).astype(np.uint8))


@cache
def _round() -> Image.Image:
    """How deep the shadow is on something round that is lit from the upper left, mode "L"."""
    y, x = np.mgrid[-1:1:160j, -1:1:160j]
    shade = np.clip(np.hypot(x + 0.35, y + 0.45) - 0.5, 0, 1.3)
    return Image.fromarray((shade * 115).astype(np.uint8))


@cache
def _glow() -> Image.Image:
    """A soft disc, mode "L"."""
    y, x = np.mgrid[-1:1:40j, -1:1:40j]
    return Image.fromarray((np.clip(1.5 - 1.5 * np.hypot(x, y), 0, 1) * 255).astype(np.uint8))


@cache
def _fainter(share: float) -> list[int]:
    return [int(value * share) for value in range(256)]


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
        if fur > 0.12:
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
        self.outline = z.view(float).tolist()
        ImageDraw.Draw(self.mask).polygon(self.outline, fill=255)
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

    def soft(self, x, y, rx, ry, colour, share: float = 1.0) -> None:
        """A patch of colour that fades towards its edge."""
        z = self.turn * complex(x, y) + self.move
        rx, ry = rx * abs(self.turn), ry * abs(self.turn)
        mask = _glow().resize((max(1, int(2 * rx)), max(1, int(2 * ry))))
        if share < 1:
            mask = mask.point(_fainter(share))
        self.image.paste(rgb(colour), (int(z.real - rx), int(z.imag - ry)), mask)

    def done(self, rng, round_=True, hair=True) -> None:
        """Shade the piece and lay it on its parent, with a shadow beneath."""
        size, dark = self.image.size, None
        if hair:
            x = rng.randrange(max(1, TILE - size[0]))
            y = rng.randrange(max(1, TILE - size[1]))
            dark = _hair().crop((x, y, x + size[0], y + size[1]))
        if round_:
            light = _round().resize(size, Image.Resampling.NEAREST)
            dark = ImageChops.add(dark, light) if dark else light
        if dark:
            self.image.paste((30, 20, 44), (0, 0), dark)
        if self.shadow:
            drop = int(abs(self.turn) * 0.06) + 1
            corner = np.array([self.corner[0] + drop // 2, self.corner[1] + drop])
            under = (np.reshape(self.outline, (-1, 2)) + corner).ravel().tolist()
            glaze = ImageDraw.Draw(self.parent.image, "RGBA")
            glaze.polygon(under, fill=(24, 18, 30, int(255 * self.shadow)))
        self.parent.image.paste(self.image, self.corner, self.mask)
