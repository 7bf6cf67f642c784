"""The head of a dog, seen from the front or a little from the side."""

import numpy as np

from helpers.data.drawn.coat import Look, face_marks
from helpers.data.drawn.pen import CIRCLE, Pen, mirrored, mix, path, points, smooth, stroke

# Right ear for each shape: outline, whether it lies in front of the head, extra fur.
EARS = {
    "prick": (
        [(0.16, -0.72), (0.4, -1.15), (0.7, -1.52), (0.9, -1.0), (0.88, -0.35), (0.5, -0.4)],
        False,
        0,
    ),
    "bat": (
        [(0.18, -0.7), (0.6, -1.2), (1.2, -1.42), (1.22, -0.85), (0.92, -0.2), (0.5, -0.3)],
        False,
        0,
    ),
    "drop": (
        [(0.45, -0.8), (0.85, -0.72), (1.12, -0.2), (1.14, 0.45), (0.88, 0.62), (0.74, 0.1)],
        True,
        0,
    ),
    "spaniel": (
        [(0.5, -0.62), (0.88, -0.5), (1.16, 0.1), (1.22, 0.8), (0.86, 0.92), (0.72, 0.2)],
        True,
        0.55,
    ),
    "shaggy": (
        [(0.4, -0.72), (0.86, -0.62), (1.16, 0.0), (1.18, 0.7), (0.84, 0.82), (0.68, 0.1)],
        True,
        0.9,
    ),
    "button": (
        [(0.3, -0.84), (0.7, -0.95), (1.02, -0.62), (0.98, -0.1), (0.82, 0.12), (0.62, -0.35)],
        True,
        0,
    ),
    "rose": (
        [(0.42, -0.76), (0.72, -1.0), (1.05, -0.86), (1.16, -0.5), (0.92, -0.46), (0.7, -0.5)],
        True,
        0,
    ),
}


def _ear(pen: Pen, look: Look, side: int):
    pairs, front, fur = EARS[look.breed.ears]
    z = points(pairs)
    root = z[0]
    z = (z - root) * look.breed.ear + root
    z = z.real * look.breed.width + 1j * z.imag
    z = z * np.exp(1j * look.rng.uniform(-0.07, 0.07))
    z = (z if side > 0 else -z.conj()) + 0.06 * look.yaw * (1 if front else -1)
    shape = smooth(z, 5)
    part = pen.part(shape, look["ears"], max(fur, look.fur * 0.5), look.rng, 0.3)
    if not front and not look.away:
        middle = z.mean()
        inner = (
            mix(look["ears"], "#d99a90", 0.6)
            if not look.dark
            else mix(look["ears"], "#7a5a58", 0.5)
        )
        part.fill((shape - middle) * 0.62 + middle + 0.06j, inner)
    elif look.breed.ears == "rose":
        part.fill(smooth(z * 0.94 + 0.02, 5)[:14], mix(look["ears"], "#d99a90", 0.35))
    elif look.breed.ears in ("spaniel", "shaggy"):
        part.dust(
            "streak", mix(look["ears"], "#ffffff" if look.dark else "#000000", 0.14), look.rng
        )
    if "roan" in look.pattern and look.breed.ears == "spaniel":
        part.dust("streak", mix(look["ears"], "#8a8a94", 0.4), look.rng)
    part.done(look.rng)


def _eye(pen: Pen, look: Look, side: int):
    wide = 0.46 if "wide" in look.traits else 0.38
    pen = pen.at(side * wide * look.breed.width + 0.16 * look.yaw, -0.12, look.breed.eye)
    pen.oval(0, 0, 0.2, 0.18, "#141012" if not look.dark else mix(look["head"], "#8a8088", 0.35))
    if "droopy" in look.traits:
        pen.fill(stroke(path([(-0.16, 0.1), (0, 0.2), (0.16, 0.1)], 5), 0.07), "#b5584e")
    pen.oval(0, 0, 0.165, 0.15, "#efe8dc")
    pen.oval(0.025 * look.yaw, 0, 0.145, 0.145, look.eyes)
    pen.oval(0.025 * look.yaw, 0, 0.085, 0.085, "#0b0809")
    pen.oval(-0.05, -0.06, 0.045, 0.045, "#ffffff")
    pen.oval(0.05, 0.06, 0.02, 0.02, "#d8e4f0")
    sad = 10 * side if "droopy" in look.traits or look.mood < 0.5 else -4 * side
    lid = mix(look["head"], "#000000", 0.12)
    if look.pattern & {"hood", "eyepatch", "eyerim", "spectacles"}:
        lid = "#2a2020"
    pen.at(0, -0.15, 1, sad).fill(
        stroke(path([(-0.21, 0.03), (0, -0.02), (0.21, 0.03)], 4), [0.04, 0.1, 0.04]), lid
    )


def _mouth_colours(look: Look):
    has = look.pattern.__contains__
    if has("mask"):
        return look["mark"]
    if has("mask2"):
        return mix(look["base"], look["mark"], 0.6)
    if has("tan") or has("muzzle") or has("cheeks") or has("blaze") or has("hood"):
        return look["light"]
    return mix(look["head"], "#ffffff", 0.1)


def _mouth(pen: Pen, look: Look, colour, drop: float):
    """An open mouth, with the tongue out in a good mood."""
    wide = 0.3 * (0.6 + 0.4 * look.breed.jaw)
    half = [(0, 0.6), (wide, 0.7), (wide * 0.85, 1.02 + drop), (0, 1.13 + drop)]
    jaw = smooth(mirrored(half))
    pen.fill(jaw, mix(colour, "#000000", 0.25))
    pen.fill(jaw * 0.9 + 0.04j, "#5a2024")
    if look.mood > 0.6:
        tip = drop + look.rng.uniform(0.05, 0.3)
        half = [(0, 0.7), (wide * 0.6, 0.8), (wide * 0.55, 1.1 + tip), (0, 1.2 + tip)]
        tongue = smooth(mirrored(half))
        pen.fill(tongue, "#c95f6e")
        pen.fill(tongue * 0.97 + 0.01j, "#e8828e")
        pen.line([(0, 0.8 + drop), (0, 1.08 + tip)], [0.03, 0.01], "#c95f6e")


def _beard(pen: Pen, look: Look, colour, w: float, drop: float):
    """Long hair below the nose: to the front of a terrier's chin, or parted and silky."""
    half = [(0, 0.5 + drop), (0.5 * w, 0.5 + drop), (0.46 * w, 1.15 + drop), (0, 1.3 + drop)]
    if "moustache" in look.traits:
        half = [(0, 0.5), (0.42 * w, 0.45), (0.68 * w, 1.0), (0.5 * w, 1.42), (0, 1.05)]
    beard = pen.part(smooth(mirrored(half)), mix(colour, look["light"], 0.3), 0.9, look.rng, 0.2)
    beard.dust("streak", mix(colour, "#ffffff", 0.3), look.rng)
    beard.done(look.rng)


def _nose(pen: Pen, look: Look, w: float, y: float, drop: float, dark_face: bool):
    line = "#5a5054" if dark_face else "#1a1012"
    pen.fill(stroke(path([(0, y + 0.1), (0, 0.76 + drop)], 3), 0.035), line)
    for side in (-1, 1):
        curve = [(0, 0.76), (side * 0.2 * w, 0.84), (side * 0.44 * w, 0.68 - drop / 2)]
        pen.fill(stroke(path(curve, 5) + 1j * drop, [0.045, 0.04, 0.015]), line)
        for k in range(3):
            pen.oval(side * (0.18 + 0.06 * k) * w, 0.6 + drop + 0.05 * (k % 2), 0.016, 0.016, line)
    colour = mix("#1b1618", "#6a6268", 0.3 if look.dark else 0)
    if look.eyes[0] > 120 and not look.dark:
        colour = mix(look["mark"], "#5a3a34", 0.5)
    half = [(0, -0.14), (0.17, -0.13), (0.23, -0.02), (0.11, 0.12), (0, 0.15)]
    pen.fill(smooth(mirrored(half), 5) * (0.8 + 0.2 * look.breed.jaw) + 1j * y, colour)
    pen.oval(-0.06, y - 0.07, 0.075, 0.03, mix(colour, "#ffffff", 0.5))
    for side in (-1, 1):
        pen.oval(side * 0.1, y + 0.03, 0.035, 0.028, "#050304")


def _muzzle(pen: Pen, look: Look):
    long, jaw = look.breed.muzzle, look.breed.jaw
    drop = 0.24 * long
    jowl = 0.1 if "jowls" in look.traits else 0.0
    pen = pen.at(0.3 * look.yaw * (0.5 + long), 0)
    colour = _mouth_colours(look)
    bearded = bool(look.traits & {"beard", "moustache"})
    if not bearded and (look.mood > 0.45 or "smile" in look.traits):
        _mouth(pen, look, colour, drop)
    w = 0.72 + 0.28 * jaw + 0.35 * max(0, 0.5 - long)
    half = [(0, -0.02), (0.2 * w, 0.02), (0.33 * w, 0.3), (0.48 * w, 0.62 + drop / 2)]
    half += [(0.36 * w, 0.86 + drop + jowl), (0.12 * w, 0.84 + drop), (0, 0.8 + drop)]
    fur = 0.9 if bearded else look.fur * 0.25
    part = pen.part(smooth(mirrored(half)), colour, fur, look.rng, 0.16)
    if look.pattern & {"flecks", "roan"}:
        part.dust("fleck", mix(look["base"], look["mark"], 0.6), look.rng)
    if not look.pattern & {"blazelet", "blaze"}:
        part.soft(0, 0.0, 0.4, 0.5, look["head"], 0.35 if "mask" in look.pattern else 0.8)
    part.done(look.rng)
    if bearded:
        _beard(pen, look, colour, w, drop)
    _nose(pen, look, w, 0.46 + drop * 0.6, drop, sum(colour) < 180)


def _bow(pen: Pen, look: Look, hair):
    half = [(0, -1.35), (0.24, -1.25), (0.2, -0.9), (0, -0.8)]
    pen.part(smooth(mirrored(half)), hair, 0.8, look.rng, 0.1).done(look.rng)
    colour = look.rng.choice(["#e0486a", "#4a7fd0", "#e8b030", "#c850a0"])
    for side in (-1, 1):
        loop = points([(0, -0.95), (side * 0.32, -1.14), (side * 0.36, -0.8)])
        pen.fill(smooth(loop), colour)
    pen.oval(0, -0.95, 0.09, 0.09, mix(colour, "#ffffff", 0.35))


def _hair(pen: Pen, look: Look):
    """Fringes, topknots, brows and the Yorkshire terrier's bow."""
    rng, traits = look.rng, look.traits
    hair = mix(look["head"], look["light"], 0.25)
    if "fringe" in traits:
        half = [(0, -1.0), (0.5, -0.9), (0.74, -0.5), (0.5, -0.24), (0.2, -0.34), (0, -0.5)]
        fringe = pen.part(smooth(mirrored(half)) + 0.1 * look.yaw, hair, 0.9, rng, 0.15)
        fringe.dust("streak", mix(hair, "#ffffff", 0.3), rng)
        fringe.done(rng)
    if "topknot" in traits:
        half = [(0, -1.02), (0.4, -0.92), (0.36, -0.62), (0, -0.55)]
        pen.part(smooth(mirrored(half)), hair, 0.5, rng, 0.1).done(rng)
    if "brows" in traits:
        oval = CIRCLE.real * 0.24 + 0.1j * CIRCLE.imag + 0.16 * look.yaw - 0.3j
        for side in (-1, 1):
            pen.part(oval + 0.36 * side, mix(hair, "#ffffff", 0.12), 0.9, rng, 0.2).done(rng)
    if "bow" in traits:
        _bow(pen, look, hair)


def draw(pen: Pen, look: Look) -> None:
    """The whole head around (0, 0)."""
    rng, w, jaw = look.rng, look.breed.width, look.breed.jaw
    front = EARS[look.breed.ears][1]
    if not front:
        for side in (-1, 1):
            _ear(pen, look, side)
    half = [
        (0, -0.86),
        (0.42 * w, -0.82),
        (0.8 * w, -0.46),
        (0.86 * w, 0.08),
        (0.74 * w * (0.35 + 0.65 * jaw), 0.52),
        (0.42 * jaw, 0.84),
        (0, 0.92),
    ]
    head = pen.part(smooth(mirrored(half)), look["head"], look.fur * 0.8, rng, 0.34)
    face_marks(head, look)
    if "wrinkles" in look.traits:
        crease = mix(look["head"], "#2a1a14", 0.4)
        for y in (-0.6, -0.46):
            head.line([(-0.36, y + 0.1), (0, y), (0.36, y + 0.1)], [0.01, 0.06, 0.01], crease)
    head.done(rng)
    if not look.away:
        _muzzle(pen, look)
        for side in (-1, 1):
            _eye(pen, look, side)
    if front:
        for side in (-1, 1):
            _ear(pen, look, side)
    if not look.away:
        _hair(pen, look)
