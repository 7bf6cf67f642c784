"""How an ideal picture is painted: the recipes, and every random choice, for both frameworks.

All random numbers come from here, so that the twins begin with the same picture and look at it from
the same sides.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from helpers.errors import CourseError


@dataclass(frozen=True)
class Recipe:
    """One way to paint.

    fourier: Fourier coefficients are changed instead of pixels, each scaled by 1 / frequency, in
    colours that do not depend on each other (Olah, Mordvintsev, Schubert, "Feature
    Visualization", Distill 2017, https://distill.pub/2017/feature-visualization/). views: the
    network sees the picture shifted, scaled and turned a little, otherwise at each step. logit:
    the class's logit is made large; otherwise the cross-entropy small. variation: weight of the
    variation loss. statistics: weight of the distance between the means and variances inside the
    network and those that its batch normalisation remembers of the photographs it was trained on
    (Yin et al., "Dreaming to Distill", CVPR 2020, https://arxiv.org/abs/1912.08795). batch: how
    many pictures are painted at once. The learning rate falls along a cosine, see `rate`.
    """

    fourier: bool = False
    views: bool = False
    logit: bool = False
    variation: float = 0.0
    statistics: float = 0.0
    steps: int = 100
    learning_rate: float = 0.02
    batch: int = 1

    def but(self, **changes) -> "Recipe":
        """The same recipe with some values changed."""
        return replace(self, **changes)

    @property
    def kind(self) -> "Recipe":
        """What two recipes have in common that differ in numbers only, not in what is computed."""
        marks = {"variation": float(self.variation > 0), "statistics": float(self.statistics > 0)}
        return replace(self, steps=0, learning_rate=0.0, batch=0, **marks)


RECIPES = {
    "pixels": Recipe(),
    "variation": Recipe(variation=1e-3),
    "fourier": Recipe(fourier=True, logit=True, learning_rate=0.05),
    "transformations": Recipe(fourier=True, logit=True, views=True, learning_rate=0.05, batch=2),
    "channel": Recipe(fourier=True, views=True, learning_rate=0.05, steps=100),
    "best": Recipe(
        fourier=True,
        logit=True,
        views=True,
        statistics=0.004,
        steps=160,
        learning_rate=0.05,
        batch=2,
    ),
}
"""The recipes of the lesson, from the simplest to the best."""

GALLERY = (
    "goldfish",
    "peacock",
    "tiger",
    "flamingo",
    "ladybug",
    "strawberry",
    "daisy",
    "jellyfish",
    "steam locomotive",
    "pizza",
)
"""Ten classes that look unlike each other."""


@dataclass(frozen=True)
class Painting:
    """What came out.

    pictures: uint8 (n, h, w, 3). scores: the probability of the class in each picture (n,), or
    the mean activation of the channel. seconds: how long it took. stills: the first picture on
    its way, uint8 (h, w, 3), by step.
    """

    pictures: np.ndarray
    scores: np.ndarray
    seconds: float
    stills: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def picture(self) -> np.ndarray:
        """The first picture: not the best one, nobody chose."""
        return self.pictures[0]

    @property
    def probability(self) -> float:
        """The network's probability for the first picture."""
        return float(self.scores[0])


_COLOURS = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]], np.float32)

COLOURS = _COLOURS / np.linalg.norm(_COLOURS, axis=0).max()
"""From three independent colours to red, green, blue: a square root of the covariance of the
colours of ImageNet's photographs, as Olah and others use it. COLOURS @ independent = RGB."""

CONTRAST = 0.25
"""How much the coefficients count before the sigmoid."""


def recipe(name: str | Recipe) -> Recipe:
    """The recipe called `name`; a recipe is returned as it is. CourseError for another name."""
    if isinstance(name, Recipe):
        return name
    if name not in RECIPES:
        raise CourseError(f"There is no recipe {name!r}: choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]


def start(chosen: Recipe, count: int, size: int, seed: int) -> np.ndarray:
    """What is changed, before the first step: grey with faint noise, float32.

    Pixels (count, size, size, 3) in [0, 1]; or, with `fourier`, real and imaginary parts of
    coefficients (count, 3, size, size // 2 + 1, 2), see `scale`.
    """
    rng = np.random.default_rng(seed)
    if chosen.fourier:
        return rng.normal(0, 0.01, (count, 3, size, size // 2 + 1, 2)).astype(np.float32)
    return rng.normal(0.5, 0.02, (count, size, size, 3)).clip(0, 1).astype(np.float32)


def scale(size: int) -> np.ndarray:
    """1 / frequency of each coefficient, float32 (size, size // 2 + 1), at most `size`.

    For an inverse transform that divides by `size` (numpy's norm="ortho"). With another one the
    start is not grey: the sigmoid is saturated and nothing is learned.
    """
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    return (1 / np.maximum(frequency, 1 / size)).astype(np.float32)


def views(
    steps: int,
    count: int,
    seed: int,
    *,
    shift: float = 0.07,
    scales: tuple[float, float] = (0.9, 1.15),
    degrees: float = 10.0,
) -> np.ndarray:
    """Random views for each step and picture: affine matrices, float32 (steps, count, 2, 3).

    A matrix takes a place in what the network sees to the place in the picture that is shown
    there; both run from -1 to 1 across the picture, x before y. shift: at most so far, in both
    directions. scales: the smallest and the largest. degrees: turned at most so far.
    """
    rng = np.random.default_rng([seed, 1])
    angle = np.deg2rad(rng.uniform(-degrees, degrees, (steps, count)))
    zoom = np.exp(rng.uniform(*np.log(scales), (steps, count)))
    moved = rng.uniform(-shift, shift, (steps, count, 2))
    matrices = np.empty((steps, count, 2, 3), np.float32)
    matrices[..., 0, 0] = matrices[..., 1, 1] = np.cos(angle) / zoom
    matrices[..., 1, 0] = np.sin(angle) / zoom
    matrices[..., 0, 1] = -matrices[..., 1, 0]
    matrices[..., 2] = moved
    return matrices


def rate(chosen: Recipe, step: int) -> float:
    """The learning rate at a step: it falls to zero along a cosine, so that noise settles."""
    return chosen.learning_rate * (1 + float(np.cos(np.pi * step / chosen.steps))) / 2


def keep(steps: int, stills: int) -> set[int]:
    """The steps after which a still is kept: 0, and `stills` - 1 more, closer at the beginning."""
    places = np.linspace(0, 1, stills) ** 1.5 * steps if stills else ()
    return {round(place) for place in places}
