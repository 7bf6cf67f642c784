"""The head of a cat, seen from the front or a little from the side."""

import numpy as np

from helpers.data.drawn.coat import Look, face_marks
from helpers.data.drawn.pen import CIRCLE, Pen, mirrored, mix, path, points, smooth, stroke


def _ear(pen: Pen, look: Look, side: int):
    big, width = look.breed.ear, look.breed.width
    spread = 0.12 * (big - 1) + 0.03 * look.rng.random()
    tip = (0.74 * width + spread, -0.62 - 0.74 * big)
    outer, inner = (0.98 * width + spread * 0.7, -0.2), (0.2 * width, -0.7)
    pairs = [inner, ((inner[0] + tip[0]) / 2 - 0.06, (inner[1] + tip[1]) / 2 - 0.03)]
    pairs += [(tip[0] - 0.05, tip[1]), (tip[0] + 0.04, tip[1] + 0.02)]
    pairs += [
        ((outer[0] + tip[0]) / 2 + 0.09, (outer[1] + tip[1]) / 2),
        outer,
        (0.55 * width, -0.3),
    ]
    z = points(pairs)
    z = z if side > 0 else -z.conj()
    z = z - 0.08 * look.yaw
    shape = smooth(z, 5)
    part = pen.part(shape, look["ears"], look.fur * 0.5, look.rng, 0.2)
    skin = (
        "#e0a09a"
        if not look.dark and "points" not in look.pattern
        else mix(look["ears"], "#c98a8a", 0.4)
    )
    middle = z.mean()
    if not look.away:
        part.fill((shape - middle) * 0.66 + middle + 0.05j, mix(look["ears"], skin, 0.75))
    if "bald" not in look.traits and not look.away:
        light = mix(look["ears"], "#fff6ea", 0.4)
        for k in range(3):
            root = complex(side * (0.3 + 0.1 * k) * width, -0.55) - 0.08 * look.yaw
            end = root + complex(side * (0.1 + 0.13 * k), -0.36 * big)
            part.fill(
                stroke(np.array([root, (root + end) / 2 - 0.04 * side, end]), [0.12, 0.07, 0.01]),
                light,
            )
    part.done(look.rng, hair=False)
    if "tufts" in look.traits:
        top = z[2:4].mean()
        for lean in (-0.08, 0.02, 0.1):
            pen.fill(
                stroke(np.array([top + 0.1j, top + complex(side * lean, -0.3)]), [0.1, 0.01]),
                mix(look["ears"], look["mark"], 0.7),
            )


def _eye(pen: Pen, look: Look, side: int, closed: bool):
    width = look.breed.width
    pen = pen.at(side * 0.42 * width + 0.16 * look.yaw, -0.04, look.breed.eye, side * -9)
    line = "#1c1416" if not look.dark else "#0c090b"
    if closed:
        pen.fill(
            stroke(path([(-0.24, 0), (0, 0.13), (0.24, 0)]), [0.03, 0.08, 0.03]),
            mix(line, "#ffffff", 0.3 * look.dark),
        )
        return
    tall = (0.17 if "points" in look.pattern and look.fur < 0.2 else 0.22) * (
        0.85 + 0.25 * look.mood
    )
    pairs = [
        (-0.27, 0.02),
        (-0.12, -tall * 0.85),
        (0.1, -tall * 0.85),
        (0.27, 0),
        (0.1, tall * 0.85),
        (-0.12, tall * 0.8),
    ]
    lid = smooth(points(pairs))
    pen.fill(lid * 1.2, mix(line, look["head"], 0.35 if look.dark else 0.0))
    pen.fill(lid, look.eyes)
    pen.fill(lid * 0.72 - 0.01j, mix(look.eyes, "#fff3b0", 0.25))
    pupil = 0.05 + 0.1 * look.mood
    x = 0.03 * look.yaw
    pen.oval(x, 0, pupil, tall * 0.86, "#0d0a0c")
    pen.oval(x - 0.07, -tall * 0.42, 0.055, 0.055, "#ffffff")
    pen.oval(x + 0.08, tall * 0.4, 0.025, 0.025, "#ffffff")


def _muzzle(pen: Pen, look: Look):
    rng, size = look.rng, 0.85 + 0.3 * look.breed.muzzle
    flat = "flat" in look.traits
    pen = pen.at(0.24 * look.yaw, -0.12 if flat else 0, size)
    light = (
        look["light"]
        if "muzzle" in look.pattern or "brow" in look.pattern
        else mix(look["head"], "#ffffff", 0.16)
    )
    if "points" in look.pattern:
        light = look["light"] if "blaze" in look.pattern else mix(look["mark"], "#ffffff", 0.1)
    pen.oval(0, 0.72, 0.2, 0.16, mix(light, "#000000", 0.06))
    for side in (-1, 1):
        pen.oval(side * 0.19, 0.53, 0.26, 0.2, mix(light, "#000000", 0.1), side * 12)
        pen.oval(side * 0.19, 0.51, 0.25, 0.19, light, side * 12)
    if "bald" in look.traits:
        nose = "#c98078"
    elif look.dark or ("points" in look.pattern and "blaze" not in look.pattern):
        nose = mix(look["mark"], "#3a2a2e", 0.6)
    else:
        nose = rng.choice(["#d98a86", "#c47a72", "#b06a5e"])
    if sum(look["base"][:1]) < 150 and not look.dark and "brow" not in look.pattern:
        nose = "#4a4f5a"
    line = mix(nose, "#1a0f10", 0.65)
    pen.fill(stroke(path([(0, 0.42), (0, 0.55)], 3), 0.035), line)
    for side in (-1, 1):
        pen.fill(
            stroke(
                path([(0, 0.54), (side * 0.1, 0.62), (side * 0.25, 0.58)], 4), [0.045, 0.035, 0.01]
            ),
            line,
        )
    pen.fill(
        smooth(mirrored([(0, 0.27), (0.12, 0.26), (0.14, 0.32), (0.05, 0.42), (0, 0.44)]), 4), nose
    )
    pen.oval(-0.04, 0.3, 0.04, 0.018, mix(nose, "#ffffff", 0.55))
    if look.mood > 0.93:
        pen.fill(smooth(mirrored([(0, 0.58), (0.07, 0.6), (0.06, 0.72), (0, 0.75)]), 4), "#e88a94")
    if "bald" in look.traits:
        return
    hair = "#f7f3ea" if sum(look["head"]) < 560 or rng.random() < 0.3 else "#8a8078"
    for side in (-1, 1):
        for k in range(3):
            end = (side * rng.uniform(1.05, 1.3), 0.3 + 0.26 * k + rng.uniform(-0.08, 0.08))
            middle = (side * 0.7, 0.4 + 0.12 * k)
            pen.fill(
                stroke(path([(side * 0.3, 0.5 + 0.05 * k), middle, end], 4), [0.028, 0.022, 0.008]),
                hair,
            )


def draw(pen: Pen, look: Look) -> None:
    """The whole head around (0, 0)."""
    rng, w, jaw = look.rng, look.breed.width, look.breed.jaw
    for side in (-1, 1):
        _ear(pen, look, side)
    half = [
        (0, -0.8),
        (0.42 * w, -0.77),
        (0.84 * w, -0.42),
        (0.99 * w, 0.1),
        (0.86 * w * (0.4 + 0.6 * jaw), 0.52),
        (0.46 * jaw, 0.82),
        (0, 0.92),
    ]
    head = pen.part(smooth(mirrored(half)), look["head"], look.fur * 0.8, rng, 0.34)
    face_marks(head, look)
    if "wrinkles" in look.traits:
        for y in (-0.66, -0.54, -0.43):
            head.line(
                [(-0.4, y + 0.06), (0, y), (0.4, y + 0.06)],
                [0.01, 0.045, 0.01],
                mix(look["head"], look["mark"], 0.6),
            )
    if "patches" in look.pattern:
        head.fill(
            CIRCLE * 0.5 + complex(rng.choice([-0.6, 0.6]), -0.5),
            mix(look["head"], look["mark"], 0.8),
        )
    head.done(rng)
    if look.away:
        return
    closed = rng.random() < 0.08
    for side in (-1, 1):
        _eye(pen, look, side, closed)
    _muzzle(pen, look)
