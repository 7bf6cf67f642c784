"""Bodies: sitting, lying, standing, or only the shoulders of a portrait.

The head is drawn afterwards, around (0, 0) with half width 1; the body hangs below it.
"""

import numpy as np

from helpers.data.drawn.coat import Look, body_marks
from helpers.data.drawn.pen import CIRCLE, Pen, mirrored, mix, path, points, smooth, stroke

POSES = ("face", "sitting", "lying", "standing")


def extent(look: Look, pose: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the whole animal."""
    stout, legs = look.breed.stout, look.breed.legs
    return {
        "face": (-1.35, -1.35, 1.35, 1.6),
        "sitting": (-1.5 * stout, -1.3, 1.7 * stout, 3.2 + 0.75 * legs),
        "lying": (-1.4, -1.3, 3.9, 2.3),
        "standing": (-1.2, -1.3, 3.9, 2.2 + 1.3 * legs),
    }[pose]


def _limb_colours(look: Look):
    """Colour of the upper leg, of the lower leg, and of the paw."""
    upper = lower = look["legs"]
    if "points" in look.pattern:
        lower = look["mark"]
    if "tan" in look.pattern:
        lower = look["light"]
    paw = lower
    if look.pattern & {"gloves", "socks", "saddle"}:
        paw = look["light"] if "saddle" not in look.pattern else look["base"]
    return upper, lower, paw


def _leg(pen: Pen, look: Look, x, y0, y1, width, shade=0.0, hind=0.0):
    """A leg from y0 to y1; `hind` bends it at the knee and the hock."""
    upper, lower, paw = (mix(c, "#1a1420", shade) for c in _limb_colours(look))
    high, middle = y1 - y0, y0 + 0.62 * (y1 - y0)
    curve = path([(x, y0), (x - hind, y0 + high * 0.3), (x + hind, middle), (x + 0.02, y1)], 5)
    widths = np.array([0.4 + 1.5 * hind, 1.2 + 3 * hind, 1.1, 0.95, 0.9]) * width
    leg = pen.part(stroke(curve, widths), upper, look.fur * 0.6, look.rng, 0.1)
    if lower != upper:
        leg.draw.rectangle(_band(leg, middle - 0.12), fill=mix(upper, lower, 0.5))
        leg.draw.rectangle(_band(leg, middle), fill=lower)
    if look.pattern & {"tabby", "rings", "spots"}:
        for k in range(3):
            y = y0 + (y1 - y0) * (0.25 + 0.24 * k)
            leg.line([(x - width, y), (x, y + 0.06), (x + width, y)], 0.09, look["mark"])
    if look.pattern & {"flecks", "roan"}:
        leg.dust("fleck", look["mark"], look.rng)
    leg.done(look.rng, round_=False)
    _paw(pen, look, x - 0.04, y1, width * 0.78, paw)


def _band(part, y):
    top = (part.turn * complex(0, y) + part.move).imag
    return [0, min(top, part.image.size[1] + 1), part.image.size[0], part.image.size[1] + 2]


def _paw(pen: Pen, look: Look, x, y, size, colour):
    dark = mix(colour, "#2a1a1a" if sum(colour) > 160 else "#8a8088", 0.45)
    pen.oval(x + 0.03, y + 0.05, size, size * 0.62, mix(colour, "#181020", 0.5))
    pen.oval(x, y, size, size * 0.62, mix(colour, "#1e142c", 0.14))
    pen.oval(x, y - size * 0.08, size * 0.86, size * 0.48, mix(colour, "#1e142c", 0.05))
    for k in (-0.35, 0.35):
        toe = np.array(
            [complex(x + k * size, y + size * 0.12), complex(x + k * size, y + size * 0.56)]
        )
        pen.fill(stroke(toe, size * 0.1), dark)


def _tail(pen: Pen, look: Look, x, y, low: bool):
    kind, rng = look.breed.tail, look.rng
    wave = rng.uniform(-0.3, 0.3)
    if kind == "stub":
        curve, width, fur = path([(x, y), (x + 0.35, y - 0.25)]), [0.3, 0.14], 0
    elif kind == "curl":
        turn = np.exp(1j * np.linspace(0.9, -4.6, 24)) * np.linspace(0.62, 0.3, 24)
        curve, width, fur = turn + complex(x - 0.15, y - 0.35), [0.35, 0.42, 0.2], look.fur
    elif low:
        pairs = [(x, y), (x + 0.7, y + 0.1), (x + 0.9, y - 0.7), (x + 1.1 + wave, y - 1.3)]
        curve, width, fur = path(pairs), [0.3, 0.26, 0.22], look.fur
    else:
        pairs = [(x, y), (x + 0.5, y - 0.5), (x + 0.45 + wave, y - 1.3), (x + 0.75 + wave, y - 1.8)]
        curve, width, fur = path(pairs), [0.28, 0.24, 0.2], look.fur
    if kind in ("whip", "rat"):
        width = [0.26, 0.14, 0.04]
    elif kind in ("plume", "curl"):
        width = [w * (1 + 0.9 * look.fur) + 0.05 for w in width]
    tail = pen.part(stroke(curve, width), look["tail"], fur, rng)
    if look.pattern & {"tabby", "rings"}:
        step = len(curve) // 6
        for z, along in zip(curve[step::step], np.gradient(curve)[step::step], strict=True):
            across = 1j * along / abs(along) * 0.4
            tail.fill(stroke(np.array([z - across, z + across]), 0.13), look["mark"])
    if look.pattern & {"saddle", "cheeks"}:
        tail.fill(CIRCLE * 0.32 + curve[-1], look["light"])
    if look.pattern & {"flecks", "roan", "shaded"}:
        tail.dust("fleck", look["mark"], rng)
    tail.done(rng)


def _trunk(pen: Pen, look: Look, outline, box, side):
    part = pen.part(outline, look["base"], look.fur, look.rng)
    body_marks(part, look, box, side)
    part.done(look.rng)


def _ruff(pen: Pen, look: Look, y: float):
    """The collar of long hair that cats and spitz dogs wear under the chin."""
    size = 1.0 + 0.3 * ("mane" in look.traits)
    light = (
        look["light"] if look.pattern & {"bib", "cheeks"} else mix(look["base"], look["light"], 0.5)
    )
    shape = smooth(mirrored([(0, -0.4), (0.9, -0.3), (1.18, 0.4), (0.75, 1.15), (0, 1.5)]) * size)
    ruff = pen.part(shape + 1j * y, light, max(look.fur, 0.5), look.rng, 0.2)
    if "shaded" in look.pattern:
        ruff.dust("streak", mix(light, look["mark"], 0.4), look.rng)
    ruff.done(look.rng)


def _collar(pen: Pen, look: Look, y: float):
    if look.collar is None:
        return
    if look.fur > 0.5 or look.breed.ears in ("spaniel", "shaggy") or look.breed.ear > 1.6:
        return  # hair or ears would cover it
    w = 0.5 + 0.18 * look.breed.stout
    band = path([(-w, y - 0.12), (0, y + 0.18), (w, y - 0.12)])
    pen.fill(stroke(band, 0.17), mix(look.collar, "#000000", 0.25))
    pen.fill(stroke(band - 0.02j, 0.13), look.collar)
    pen.oval(0, y + 0.3, 0.13, 0.13, "#8a6a1c")
    pen.oval(-0.01, y + 0.29, 0.11, 0.11, "#e8c04a")


def _face(pen, look):
    s = 0.9 + 0.25 * look.breed.stout
    half = [(0, 0.2), (0.7 * s, 0.45), (1.15 * s, 1.3), (1.5 * s, 2.6), (1.4 * s, 4.2), (0, 4.4)]
    _trunk(pen, look, smooth(mirrored(half)), (-1.4 * s, 0.6, 1.4 * s, 3.4), False)


def _sitting(pen, look):
    s, rng = look.breed.stout, look.rng
    floor = 3.0 + 0.75 * look.breed.legs
    if not look.away:
        _tail(pen, look, 0.95 * s, floor - 0.35, True)
    half = [
        (0, 0.2),
        (0.62 * s, 0.6),
        (0.86 * s, 1.5),
        (1.12 * s, floor - 1.1),
        (1.3 * s, floor - 0.35),
        (0.9 * s, floor),
        (0, floor),
    ]
    _trunk(pen, look, smooth(mirrored(half)), (-1.2 * s, 0.6, 1.2 * s, floor), False)
    for side in (-1, 1):
        haunch = CIRCLE.real * 0.46 + 0.62j * CIRCLE.imag + complex(side * 0.92 * s, floor - 0.55)
        part = pen.part(haunch, look["legs"], look.fur * 0.6, rng, 0.15)
        x = side * 0.9 * s
        body_marks(part, look, (x - 0.5, floor - 1.2, x + 0.5, floor), True, chest=False)
        part.done(rng)
        if not look.away:
            _paw(pen, look, side * 0.98 * s, floor, 0.36, _limb_colours(look)[2])
    if look.away:
        _tail(pen, look, 0.1, floor - 0.3, True)
        return
    for side in (-1, 1):
        _leg(pen, look, side * (0.22 + 0.16 * s), 1.9, floor + 0.04, 0.36 + 0.1 * s)


def _lying(pen, look):
    s, rng = 0.75 + 0.25 * look.breed.stout, look.rng
    _tail(pen, look, 3.45, 1.6, True)
    top = 0.75 - 0.55 * s
    pairs = [
        (-0.85, 0.7),
        (0.4, top + 0.2),
        (1.8, top + 0.1),
        (2.9, top),
        (3.65, 0.75),
        (3.7, 1.6),
        (3.1, 2.1),
        (0.3, 2.15),
        (-0.85, 1.9),
    ]
    _trunk(pen, look, smooth(points(pairs)), (-0.8, top, 3.6, 2.0), True)
    thigh = smooth(
        points([(2.1, 1.5), (2.5, 0.75), (3.2, 0.75), (3.55, 1.4), (3.3, 2.0), (2.3, 2.1)])
    )
    part = pen.part(thigh, look["legs"], look.fur * 0.5, rng, 0.12)
    body_marks(part, look, (2.2, 0.8, 3.5, 2.0), True, chest=False)
    part.done(rng)
    paw = _limb_colours(look)[2]
    _paw(pen, look, 2.35, 2.12, 0.34, paw)
    for x, y in ((0.55, 1.95), (-0.5, 2.05)):
        arm = smooth(
            points(
                [
                    (x - 0.55, y - 0.2),
                    (x, y - 0.6),
                    (x + 0.7, y - 0.3),
                    (x + 0.5, y + 0.15),
                    (x - 0.4, y + 0.17),
                ]
            )
        )
        part = pen.part(arm, _limb_colours(look)[1], look.fur * 0.4, rng, 0.2)
        if look.pattern & {"tabby", "spots", "rosettes"}:
            for k in (0.1, 0.4):
                part.line([(x + k, y - 0.7), (x + k - 0.06, y + 0.3)], 0.09, look["mark"])
        part.done(rng)
        _paw(pen, look, x - 0.5, y + 0.04, 0.32, paw)


def _standing(pen, look):
    s, legs = look.breed.stout, look.breed.legs
    floor = 2.05 + 1.3 * legs
    width, end = 0.36 + 0.12 * s, 3.6 if legs < 0.7 else 3.15
    _tail(pen, look, end - 0.2, 0.85, look.breed.species == "dog" and look.mood < 0.4)
    _leg(pen, look, 0.55, 1.4, floor - 0.14, width, 0.22)
    _leg(pen, look, end - 0.6, 1.3, floor - 0.14, width, 0.22, 0.12)
    low = 1.55 + 0.45 * s
    pairs = [
        (-0.55, 0.6),
        (0.3, 0.35),
        (1.6, 0.62),
        (end - 0.7, 0.5),
        (end, 0.95),
        (end, 1.7),
        (end - 0.9, low - 0.2),
        (1.3, low + 0.05),
        (0, low),
        (-0.62, 1.5),
    ]
    _trunk(pen, look, smooth(points(pairs)), (-0.5, 0.5, end, low), True)
    _leg(pen, look, 0.05, 1.5, floor, width)
    _leg(pen, look, end - 0.4, 1.2, floor, width, 0.0, 0.12)
    if "skirt" in look.traits:
        skirt = smooth(
            points(
                [
                    (-0.4, 1.3),
                    (1.5, 1.5),
                    (3.4, 1.3),
                    (3.4, floor - 0.3),
                    (1.5, floor - 0.15),
                    (-0.3, floor - 0.3),
                ]
            )
        )
        _trunk(pen, look, skirt, (-0.4, 1.3, 3.4, floor), True)


def draw(pen: Pen, look: Look, pose: str) -> None:
    """Everything but the head."""
    {"face": _face, "sitting": _sitting, "lying": _lying, "standing": _standing}[pose](pen, look)
    if "ruff" in look.traits:
        _ruff(pen, look, 0.5)
    elif not look.away:
        _collar(pen, look, 0.98)
