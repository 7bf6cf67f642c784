"""Where the animal sits and how the light falls: rooms, grass, sofas, sky, patterns, plain."""

from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from helpers.data.drawn.pen import CIRCLE, Pen, mirrored, mix, path, rgb, smooth, stroke

WALLS = [
    "#d9cbb3",
    "#b8c7c9",
    "#e3b7a0",
    "#a9b89a",
    "#cfc3d6",
    "#e8d9a8",
    "#8fa7b8",
    "#c98f7a",
    "#7f8f86",
    "#efe6d8",
]
CLOTHS = [
    "#6f8f8a",
    "#b5654a",
    "#4f6d94",
    "#8a6f9c",
    "#c9a24b",
    "#7a8f5a",
    "#a94f5c",
    "#5c6470",
    "#c78fa0",
    "#3f6f6a",
]
WOODS = ["#9a6b42", "#7d5535", "#b98a5a", "#c9a274", "#6b4a34"]
GREENS = ["#6f9a45", "#5d8a4a", "#86a850", "#4f7d4f", "#98b05a"]


def _ramp(size, top, bottom) -> Image.Image:
    strip = Image.new("RGB", (1, 2))
    strip.putdata([rgb(top), rgb(bottom)])
    strip = strip.resize((1, size[1]), Image.Resampling.BILINEAR)
    return strip.resize(size, Image.Resampling.NEAREST)


def _grass(pen, rng, w, floor):
    sky = mix(
        rng.choice(["#bcdcf0", "#f3d9b0", "#cfe3df", "#9cc4ea"]), "#ffffff", rng.random() * 0.4
    )
    green = rng.choice(GREENS)
    pen.image.paste(_ramp((w, floor), sky, mix(sky, "#ffffff", 0.5)), (0, 0))
    for k in range(6):
        x, r = (k + rng.random()) * w / 6, rng.uniform(14, 40)
        pen.oval(x, floor - r * 0.5, r * 1.3, r, mix(green, "#2f4f3f", rng.uniform(0.1, 0.6)))
    pen.image.paste(
        _ramp((w, 400), mix(green, "#e8e8a0", 0.25), mix(green, "#20381c", 0.35)), (0, floor)
    )
    for _ in range(46):
        x, y = rng.uniform(0, w), rng.uniform(floor, pen.image.size[1])
        tone = mix(green, rng.choice(["#e6efa0", "#1f3a1c"]), 0.35)
        pen.fill(
            np.array([x - 2 + 1j * y, x + 2 + 1j * y, x + rng.uniform(-4, 4) + 1j * (y - 14)]), tone
        )
    for _ in range(rng.choice([0, 0, 7])):
        x, y = rng.uniform(0, w), rng.uniform(floor + 8, pen.image.size[1])
        pen.oval(x, y, 3, 3, rng.choice(["#ffffff", "#ffd84a", "#f2a0c0"]))


def _room(pen, rng, w, floor):
    h = pen.image.size[1]
    wall, wood = rng.choice(WALLS), rng.choice(WOODS)
    pen.image.paste(_ramp((w, h), mix(wall, "#ffffff", 0.2), mix(wall, "#000000", 0.12)), (0, 0))
    if rng.random() < 0.4:
        step = rng.uniform(12, 24)
        for x in np.arange(0, w, step):
            pen.draw.rectangle([x, 0, x + step / 2, floor], fill=mix(wall, "#ffffff", 0.3))
    if rng.random() < 0.6:
        x, y, s = rng.uniform(0, w * 0.8), rng.uniform(0, floor * 0.3), rng.uniform(34, 66)
        if rng.random() < 0.5:
            pen.draw.rectangle([x, y, x + s, y + s * 1.2], fill="#fbf7ec")
            glass = rng.choice(["#bfe0f5", "#f7cf9a", "#34405f"])
            for a, b in ((0.07, 0.07), (0.54, 0.07), (0.07, 0.64), (0.54, 0.64)):
                pen.draw.rectangle(
                    [x + s * a, y + s * b, x + s * (a + 0.39), y + s * (b + 0.5)], fill=glass
                )
        else:
            pen.draw.rectangle([x, y, x + s, y + s * 0.8], fill=rng.choice(WOODS))
            pen.draw.rectangle([x + 4, y + 4, x + s - 4, y + s * 0.8 - 4], fill=rng.choice(CLOTHS))
            pen.oval(x + s / 2, y + s * 0.4, s * 0.2, s * 0.2, rng.choice(WALLS))
    pen.draw.rectangle([0, floor - 5, w, floor], fill=mix(wall, "#ffffff", 0.55))
    pen.image.paste(
        _ramp((w, h), mix(wood, "#ffffff", 0.15), mix(wood, "#000000", 0.25)), (0, floor)
    )
    for k in range(5):
        y = floor + 5 + k * k * 5
        pen.draw.line([0, y, w, y], fill=mix(wood, "#000000", 0.25), width=1)
    if rng.random() < 0.4:
        rug = rng.choice(CLOTHS)
        y = (floor + h) / 2 + 6
        pen.oval(w / 2, y, w * 0.46, (h - floor) * 0.44, mix(rug, "#ffffff", 0.45))
        pen.oval(w / 2, y, w * 0.4, (h - floor) * 0.36, rug)
    if rng.random() < 0.35:
        x = rng.choice([0.08, 0.92]) * w
        for k in range(7):
            z = path(
                [
                    (x, floor - 4),
                    (x + (k - 3) * 6, floor - 30),
                    (x + (k - 3) * 13, floor - 42 + abs(k - 3) * 6),
                ]
            )
            pen.fill(stroke(z, [2, 10, 1]), mix("#4f7d4f", "#a8c070", rng.random() * 0.6))
        pen.fill(mirrored([(0, -6), (15, -8), (11, 18), (0, 18)]) + complex(x, floor), "#c8744a")


def _sofa(pen, rng, w, floor):
    h = pen.image.size[1]
    wall, cloth = rng.choice(WALLS), rng.choice(CLOTHS)
    pen.image.paste(_ramp((w, h), mix(wall, "#ffffff", 0.25), wall), (0, 0))
    back, top = mix(cloth, "#ffffff", 0.1), floor * rng.uniform(0.3, 0.55)
    half = w * rng.uniform(0.42, 0.62)
    x = w / 2 + rng.uniform(-20, 20)
    pen.draw.rounded_rectangle([x - half, top, x, h + 20], 16, fill=back)
    pen.draw.rounded_rectangle([x + 2, top, x + half, h + 20], 16, fill=mix(back, "#000000", 0.07))
    pen.draw.rounded_rectangle(
        [x - half - 14, floor, x + half + 14, h + 40], 14, fill=mix(cloth, "#ffffff", 0.2)
    )
    pen.draw.rectangle([0, floor + 9 + (h - floor) * 0.7, w, h], fill=mix(cloth, "#000000", 0.25))
    for side in (-1, 1):
        if rng.random() < 0.5:
            pillow = smooth(CIRCLE[::9] * np.exp(0.8j) * rng.uniform(20, 30)) * np.exp(
                1j * rng.uniform(-0.3, 0.3)
            )
            pen.fill(
                pillow + complex(x + side * half * 0.72, floor - 12), rng.choice(CLOTHS + WALLS)
            )


def _sky(pen, rng, w, floor):
    h = pen.image.size[1]
    top, low = rng.choice(
        [
            ("#6aaee0", "#d5ecf7"),
            ("#f0a070", "#fbe0b0"),
            ("#5a6ba5", "#f2b8a0"),
            ("#9fc4d8", "#f2f2e6"),
        ]
    )
    pen.image.paste(_ramp((w, floor), top, low), (0, 0))
    for _ in range(rng.randrange(4)):
        x, y = rng.uniform(0, w), rng.uniform(8, floor * 0.6)
        for k in range(4):
            pen.oval(x + 11 * k, y - (k % 2) * 5, 13, 8, mix(low, "#ffffff", 0.7))
    ground = rng.choice(["#e2cfa0", "#d9c08a", "#f3f5f8", "#a8b88a"])
    if rng.random() < 0.5:
        pen.draw.rectangle([0, floor - 16, w, floor], fill=mix(top, "#1f4a6a", 0.35))
    pen.image.paste(
        _ramp((w, h), mix(ground, "#ffffff", 0.2), mix(ground, "#000000", 0.15)), (0, floor)
    )


def _pattern(pen, rng, w, floor):
    h = pen.image.size[1]
    ground = rng.choice(WALLS)
    motif = mix(ground, rng.choice(CLOTHS), 0.45)
    pen.image.paste(rgb(ground), (0, 0, w, h))
    step, kind = rng.uniform(18, 32), rng.randrange(4)
    for row, y in enumerate(np.arange(0, h + step, step)):
        if kind == 0:
            pen.draw.rectangle([0, y, w, y + step / 2], fill=motif)
            continue
        for x in np.arange(-step * (row % 2) / 2, w + step, step):
            if kind == 1:
                pen.draw.ellipse([x - 4, y - 4, x + 4, y + 4], fill=motif)
            elif kind == 2:
                pen.draw.polygon([x, y - 8, x + 7, y, x, y + 8, x - 7, y], fill=motif)
            else:
                pen.draw.line([x - 5, y + 4, x, y - 4, x + 5, y + 4], fill=motif, width=2)
    if rng.random() < 0.6:
        pen.image.paste(_ramp((w, h), mix(motif, "#ffffff", 0.4), motif), (0, floor))


def _plain(pen, rng, w, floor):
    h = pen.image.size[1]
    colour = rng.choice(WALLS + CLOTHS)
    pen.image.paste(_ramp((w, h), mix(colour, "#ffffff", rng.random() * 0.5), colour), (0, 0))
    if rng.random() < 0.5:
        pen.image.paste(
            _ramp((w, h), mix(colour, "#ffffff", 0.25), mix(colour, "#000000", 0.2)), (0, floor)
        )


def _bokeh(pen, rng, w, floor):
    h = pen.image.size[1]
    dark = rng.choice(["#3a4a3c", "#4a3f52", "#33414f", "#5a4638", "#6f8f5a"])
    pen.image.paste(_ramp((w, h), mix(dark, "#ffffff", 0.25), mix(dark, "#000000", 0.2)), (0, 0))
    glow = rng.choice(["#ffd98a", "#bfe0a0", "#f5b0c0", "#a8d0f5"])
    for _ in range(14):
        r = rng.uniform(5, 17)
        pen.oval(
            rng.uniform(0, w), rng.uniform(0, h), r, r, mix(dark, glow, rng.uniform(0.15, 0.6))
        )


SCENES = (_grass, _grass, _room, _room, _sofa, _sky, _pattern, _plain, _bokeh)


def background(size, rng) -> Image.Image:
    """A background of `size` (w, h), a little out of focus, ready to draw an animal on."""
    w, h = size[0] // 3, size[1] // 3
    image = Image.new("RGB", (w, h))
    floor = int(h * rng.uniform(0.55, 0.74))
    rng.choice(SCENES)(Pen(image), rng, w, floor)
    soft = rng.choice([0, 0, 1, 2, 3])
    if soft:
        image = image.filter(ImageFilter.BoxBlur(soft))
    image = image.resize((size[0] // 2, size[1] // 2), Image.Resampling.BILINEAR)
    return image.resize(size, Image.Resampling.NEAREST)


# What the light does to red, green and blue: where it comes from, and in the far corner.
LIGHTS = (
    ((1.16, 1.16, 1.16), (1.0, 1.0, 1.03)),
    ((1.15, 1.15, 1.15), (1.04, 1.03, 1.01)),
    ((1.18, 1.15, 1.1), (0.95, 0.93, 0.95)),
    ((1.18, 1.1, 0.98), (0.98, 0.86, 0.77)),
    ((1.2, 1.03, 0.88), (0.76, 0.68, 0.82)),
    ((1.02, 1.07, 1.16), (0.8, 0.87, 1.0)),
    ((0.92, 0.95, 1.08), (0.62, 0.65, 0.82)),
)


@cache
def _grain() -> np.ndarray:
    noise = np.random.default_rng(3).normal(size=(640, 960)).astype(np.float32)
    return np.repeat(noise, 3, axis=1)


def light(image: Image.Image, rng) -> np.ndarray:
    """The finished picture in some light of the day, uint8 (h, w, 3), with a trace of noise."""
    w, h = image.size
    near, far = (np.array(colour, np.float32) for colour in rng.choice(LIGHTS))
    fault = rng.random()  # photographs are not all good ones
    if fault < 0.15:
        radius = rng.uniform(2, 4) if fault < 0.04 else rng.uniform(0.5, 1.3)
        image = image.filter(ImageFilter.BoxBlur(radius * min(w, h) / 256))
    elif fault < 0.18:
        image = image.convert("L").convert("RGB")
    noise, gain = rng.uniform(0, 5), rng.uniform(0.94, 1.06)
    if 0.18 <= fault < 0.22:
        noise, gain = 9, rng.uniform(0.3, 0.5)
    across = np.linspace(0, 0.5, w, dtype=np.float32)[:, None]
    across = across[::-1] if rng.random() < 0.5 else across
    down = np.linspace(0, 0.5, h, dtype=np.float32)[:, None]
    # Rows of 3 w numbers, not of w times 3: NumPy is much faster on long rows.
    first = ((near + (far - near) * across) * gain).ravel()
    picture = np.tile((far - near) * np.float32(gain), w) * down
    picture += first
    picture *= np.asarray(image).reshape(h, 3 * w)
    y, x = rng.randrange(40), 3 * rng.randrange(40)
    grain = _grain()
    if h > 600 or w > 900:
        grain = np.tile(grain, (h // 600 + 1, w // 900 + 1))
    picture += np.float32(noise) * grain[y : y + h, x : x + 3 * w]
    return np.clip(picture, 0, 255, out=picture).astype(np.uint8).reshape(h, w, 3)
