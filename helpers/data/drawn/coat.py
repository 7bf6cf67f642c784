"""Colours of one animal, and the markings that lie on its coat."""

from dataclasses import dataclass, replace
from random import Random

import numpy as np

from helpers.data.drawn.pen import Part, mirrored, mix, points, rgb, smooth
from helpers.data.drawn.recipe import Breed


@dataclass
class Look:
    """One animal: its breed with every choice made. Colours are three numbers 0 to 255.

    yaw: how far the head is turned, -1 to 1. mood: 0 to 1, happy is 1. away: seen from behind.
    """

    breed: Breed
    rng: Random
    colours: dict
    pattern: set
    traits: set
    eyes: tuple
    yaw: float
    fur: float
    mood: float
    collar: tuple | None
    away: bool = False

    def __getitem__(self, name: str) -> tuple:
        return self.colours[name]

    @property
    def dark(self) -> bool:
        """Whether the coat is so dark that lines on it must be light."""
        return sum(self["head"]) < 250


def _individual(breed: Breed, rng: Random) -> Breed:
    """The breed's recipe, a little changed: no two animals are alike."""
    spread = {"ear": 0.12, "width": 0.05, "jaw": 0.07, "muzzle": 0.2, "fur": 0.2, "stout": 0.12}
    spread |= {"legs": 0.1, "eye": 0.1}
    own = {key: getattr(breed, key) * rng.uniform(1 - by, 1 + by) for key, by in spread.items()}
    return replace(breed, **own)


def look(breed: Breed, rng: Random) -> Look:
    """One animal of a breed: its own shape, one of the breed's coats, its own shade of it."""
    breed = _individual(breed, rng)
    coat = rng.choice(breed.coats)
    gain, warm = rng.uniform(0.86, 1.1), rng.uniform(-10, 10)

    def shift(colour):
        r, g, b = rgb(colour)
        return tuple(int(min(255, max(0, c))) for c in (r * gain + warm, g * gain, b * gain - warm))

    names = ("base", "mark", "light", "head", "ears", "legs", "tail")
    given = {name: getattr(coat, name) for name in names}
    given["head"] = given["head"] or coat.base
    given["legs"], given["tail"] = given["legs"] or coat.base, given["tail"] or coat.base
    pattern = set(coat.pattern.split())
    if "points" in pattern:
        given["ears"] = given["tail"] = coat.mark
    given["ears"] = given["ears"] or given["head"]
    collars = ["#c8383a", "#2f6fb0", "#3d8f5a", "#e0a32c", "#7d4f9c", "#d86a9a", "#2f3338"]
    return Look(
        breed=breed,
        rng=rng,
        colours={name: shift(colour) for name, colour in given.items()},
        pattern=pattern,
        traits=set(breed.traits.split()),
        eyes=shift(rng.choice(breed.eyes)),
        yaw=rng.choice([-1, 1]) * rng.uniform(0, 1) ** 1.5,
        fur=breed.fur,
        mood=rng.random(),
        collar=rgb(rng.choice(collars)) if rng.random() < 0.4 else None,
    )


def _blotch(part, look, x, y, size, colour):
    rng = look.rng
    ring = np.exp(2j * np.pi * np.arange(7) / 7) * [rng.uniform(0.7, 1.2) for _ in range(7)]
    part.fill(smooth(ring * size) + complex(x, y), colour)


def _stripes(part, look, box, side):
    rng, (x0, y0, x1, y1) = look.rng, box
    dark = mix(look["base"], look["mark"], 0.8)
    if side:
        for x in np.arange(x0 + 0.2, x1, 0.34):
            x, low = x + rng.uniform(-0.06, 0.06), y0 + (y1 - y0) * rng.uniform(0.45, 0.85)
            middle = (y0 + low) / 2
            bend = rng.uniform(0.05, 0.2)
            part.line([(x, y0 - 0.1), (x + bend, middle), (x - 0.02, low)], [0.2, 0.15, 0.02], dark)
        return
    for y in np.arange(y0 + 0.5, y1, 0.36):
        for edge, inner in ((x0, x0 + (x1 - x0) * 0.3), (x1, x1 - (x1 - x0) * 0.3)):
            y_ = y + rng.uniform(-0.08, 0.08)
            middle = (edge + inner) / 2
            part.line([(edge, y_), (middle, y_ + 0.16), (inner, y_ + 0.1)], [0.2, 0.14, 0.02], dark)


def _spots(part, look, box, rosettes):
    rng, (x0, y0, x1, y1) = look.rng, box
    step = 0.44 if rosettes else 0.34
    dark = mix(look["base"], look["mark"], 0.92)
    warm = mix(look["base"], look["mark"], 0.35)
    for row, y in enumerate(np.arange(y0 + 0.1, y1, step * 0.8)):
        for x in np.arange(x0 + (row % 2) * step / 2, x1, step):
            x_, y_ = x + rng.uniform(-0.09, 0.09), y + rng.uniform(-0.08, 0.08)
            if rosettes:
                part.oval(x_, y_, 0.17, 0.13, dark, rng.uniform(-40, 40))
                part.oval(x_ + 0.03, y_ + 0.01, 0.1, 0.07, warm)
            else:
                part.oval(x_, y_, 0.1, 0.075, dark, rng.uniform(-40, 40))


def body_marks(part: Part, look: Look, box, side: bool, chest: bool = True) -> None:
    """Markings of the body inside `box` (x0, y0, x1, y1).

    side: seen from the side. chest: this part has one, to be painted light where the breed's is.
    """
    rng, has, (x0, y0, x1, y1) = look.rng, look.pattern.__contains__, box
    wide, high = x1 - x0, y1 - y0
    if has("roan"):
        part.dust("speckle", look["mark"], rng)
    if has("bibroan"):
        part.dust(
            "speckle",
            "#c9beb2",
            rng,
            smooth(
                points(
                    [
                        (x0, y0 + high * 0.4),
                        (x0 + wide * 0.6, y0 + high * 0.3),
                        (x0 + wide * 0.5, y1 + 0.3),
                        (x0, y1),
                    ]
                )
            ),
        )
    if has("flecks") or has("flecks2"):
        part.dust("fleck", mix(look["base"], look["mark"], 0.85), rng)
    if has("flecks2"):
        _blotch(part, look, x0 + wide * rng.uniform(0.3, 0.8), y0 + high * 0.3, 0.6, look["mark"])
    if has("ticked"):
        part.dust("streak", mix(look["base"], look["mark"], 0.42), rng)
    if has("brindle"):
        part.dust("brindle", mix(look["base"], look["mark"], 0.75), rng)
    if has("merle"):
        part.dust("cloud", look["mark"], rng)
    if has("shaded"):
        part.dust("streak", mix(look["base"], look["mark"], 0.5), rng)
        part.dust("streak", mix(look["base"], look["light"], 0.5), rng)
    if has("silk"):
        part.dust("streak", mix(look["base"], "#ffffff", 0.22), rng)
    if has("patches"):
        for _ in range(rng.choice([2, 3])):
            spot = rng.uniform(x0, x1), rng.uniform(y0, y0 + high * 0.7)
            _blotch(part, look, *spot, rng.uniform(0.5, 0.85), look["mark"])
    if has("saddle"):
        low = y0 + high * rng.uniform(0.45, 0.6)
        if side:
            outline = [
                (x0 + wide * 0.25, y0 - 0.2),
                (x1 - 0.2, y0 - 0.2),
                (x1, low),
                (x0 + wide * 0.6, low + 0.1),
                (x0 + wide * 0.3, low),
            ]
            part.fill(smooth(points(outline)), look["mark"])
        else:
            for edge in (x0, x1):
                part.oval(edge, y0 + high * 0.5, wide * 0.24, high * 0.42, look["mark"])
    if has("tabby"):
        _stripes(part, look, box, side)
    if has("spots") or has("rosettes"):
        _spots(part, look, box, has("rosettes"))
    if has("bald"):
        for k in range(4):
            y = y0 + high * (0.12 + 0.1 * k)
            part.line(
                [(x0, y), (x0 + wide * 0.2, y + 0.12), (x0 + wide * 0.4, y)],
                [0.01, 0.05, 0.01],
                look["mark"],
            )
    if chest and not look.away and look.pattern & {"bib", "cheeks", "tan", "muzzle"}:
        if side:
            part.oval(x0 + 0.25, y0 + high * 0.6, 0.5, high * 0.55, look["light"])
            if has("cheeks"):
                part.oval((x0 + x1) / 2, y1, wide * 0.5, 0.3, look["light"])
        else:
            size = 0.34 if has("tan") else 0.5
            part.oval(0, y0 + high * 0.3, size, high * 0.34, look["light"])


def face_marks(part: Part, look: Look) -> None:
    """Markings of the head, whose half width is about one."""
    rng, has, yaw = look.rng, look.pattern.__contains__, look.yaw
    x = 0.16 * yaw
    dark = mix(look["head"], look["mark"], 0.85)
    if has("ticked") or has("shaded"):
        part.dust("streak", mix(look["head"], look["mark"], 0.4), rng)
    if has("brindle"):
        part.dust("brindle", mix(look["base"], look["mark"], 0.75), rng)
    if has("merle"):
        part.dust("cloud", look["mark"], rng)
    if look.away:
        return
    if has("points"):
        part.soft(x, 0.3, 1.15, 1.3, look["mark"])
        part.soft(x, 0.45, 0.7, 0.7, look["mark"], 0.8)
    if has("hood"):
        for side in (-1, 1):
            part.oval(x + side * 0.68, -0.3, 0.52, 0.72, look["mark"])
    if has("eyepatch"):
        for side in rng.choice([(-1,), (1,), (-1, 1)]):
            part.oval(x + side * 0.46, -0.18, 0.42, 0.44, look["mark"], side * 20)
    if has("eyerim"):
        for side in (-1, 1):
            part.oval(x + side * 0.45, -0.05, 0.34, 0.32, mix(look["head"], "#1a1210", 0.6))
    if has("flecks"):
        part.dust("fleck", mix(look["base"], look["mark"], 0.7), rng)
    if has("blaze"):
        top = rng.uniform(0.1, 0.24)
        part.fill(
            smooth(
                mirrored(
                    [
                        (0, -1.1),
                        (top, -0.9),
                        (0.13, -0.3),
                        (0.3, 0.2),
                        (0.62, 0.6),
                        (0.4, 1.1),
                        (0, 1.2),
                    ]
                )
            )
            + x,
            look["light"],
        )
    if has("blazelet"):
        part.line([(x, -0.5), (x, 0.2)], [0.02, 0.2], look["light"])
    if has("cheeks"):
        for side in (-1, 1):
            part.oval(x + side * 0.6, 0.52, 0.46, 0.46, look["light"])
    if has("cheeks") or has("tan"):
        for side in (-1, 1):
            part.oval(x + side * 0.36, -0.44, 0.13, 0.09, look["light"], side * -25)
    if has("tan"):
        for side in (-1, 1):
            part.oval(x + side * 0.55, 0.5, 0.33, 0.4, look["light"])
    if has("spectacles"):
        for side in (-1, 1):
            part.oval(x + side * 0.42, -0.1, 0.32, 0.28, look["light"])
            part.line([(x + side * 0.5, -0.1), (x + side * 1.0, -0.3)], [0.05, 0.12], look["mark"])
    if has("brow"):
        for k in (-2, -1, 0, 1, 2):
            part.line(
                [(x + k * 0.2, -0.95), (x + k * 0.15, -0.62), (x + k * 0.17, -0.4)],
                [0.09, 0.1, 0.03],
                dark,
            )
        for side in (-1, 1):
            for y in (0.1, 0.36):
                part.line(
                    [(x + side * 0.62, y), (x + side * 0.85, y + 0.08), (x + side * 1.2, y)],
                    [0.03, 0.1, 0.1],
                    dark,
                )
