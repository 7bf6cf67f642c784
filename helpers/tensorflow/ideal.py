"""Gradient ascent on a picture: what a network finds most like a class, or what a channel seeks.

The weights are only looked through: the network runs in evaluation mode and gradients are taken
with respect to the picture alone, so the network stays as it was found, also after an interrupt.
"""

import time
from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from helpers import imagenet, recipes
from helpers.errors import CourseError
from helpers.recipes import Painting, Recipe
from helpers.tensorflow.loading import to_numpy
from helpers.tensorflow.networks import backbone_of, info_of, probabilities, stage


def paint(
    network: keras.Model,
    target: str | int,
    recipe: str | Recipe = "best",
    *,
    size: int | None = None,
    seed: int = 0,
    stills: int = 0,
    progress: bool = True,
) -> Painting:
    """The ideal picture of an ImageNet class. Its scores are the class's probabilities.

    network: with an ImageNet head. target: a class's name or number. recipe: one of
    `helpers.recipes.RECIPES`, or your own. size: height and width in pixels, by default what the
    network was trained on. stills: so many pictures from the way are kept.

    Raises CourseError: an unknown class, recipe, or a size below 32.
    """
    number, chosen = imagenet.find(target), recipes.recipe(recipe)
    size = size or info_of(network).size
    painter = _painter(network, chosen.kind, chosen.batch, size)

    def describe(logits) -> dict[str, str]:
        return {"probability": f"{float(tf.nn.softmax(logits)[0, number]):.3f}"}

    pictures, seconds, kept = painter.paint(chosen, number, describe, seed, stills, progress)
    return Painting(pictures, probabilities(network, pictures)[:, number], seconds, kept)


def paint_channels(
    network: keras.Model,
    stage_name: str,
    channels: Sequence[int],
    recipe: str | Recipe = "channel",
    *,
    size: int = 128,
    seed: int = 0,
    progress: bool = True,
) -> Painting:
    """What single channels of a stage look for: one picture each, scored by mean activation.

    Raises CourseError: a stage or channel the network does not have, or a size below 32.
    """
    chosen = recipes.recipe(recipe).but(statistics=0.0)
    output = stage(network, stage_name).layers[-1].output
    if max(channels) >= output.shape[-1] or min(channels) < 0:
        raise CourseError(
            f"{stage_name} has no channel {max(channels, key=abs)}: "
            f"it has channels 0 to {output.shape[-1] - 1}."
        )
    painter = _painter(network, chosen.kind, len(channels), size, stage_name)

    def describe(found) -> dict[str, str]:
        return {"activation": f"{float(tf.reduce_mean(found)):.2f}"}

    asked = tf.constant(channels, tf.int32)
    pictures, seconds, kept = painter.paint(chosen, asked, describe, seed, 0, progress)
    scores = tf.linalg.diag_part(painter.look(pictures.astype(np.float32) / 255, asked)[0]).numpy()
    return Painting(pictures, scores, seconds, kept)


def variation_loss(pictures: tf.Tensor) -> tf.Tensor:
    """The sum of all differences between neighbouring values, the mean over pictures (n, h, w, 3).

    Also called total variation (Rudin, Osher, Fatemi, Physica D 1992).
    """
    return tf.reduce_mean(tf.image.total_variation(pictures))


def from_coefficients(coefficients: tf.Tensor) -> tf.Tensor:
    """Fourier coefficients (n, 3, size, size // 2 + 1, 2) to pictures (n, size, size, 3) in [0, 1].

    See `helpers.recipes.start` and `helpers.recipes.scale`.
    """
    size = coefficients.shape[2]
    weights = tf.complex(coefficients[..., 0], coefficients[..., 1]) * recipes.scale(size)
    planes = size * tf.signal.irfft2d(weights, [size, size])  # TensorFlow divides by size ** 2
    mixed = tf.einsum("nchw,rc->nhwr", planes, recipes.COLOURS)
    return tf.sigmoid(recipes.CONTRAST * mixed)


def view(pictures: tf.Tensor, matrices) -> tf.Tensor:
    """Pictures (n, h, w, 3) as seen through `helpers.recipes.views`: matrices (n, 2, 3).

    Bilinear; beyond its edges a picture is grey.
    """
    height, width = pictures.shape[1:3]
    across = (2 * tf.range(width, dtype=tf.float32) + 1) / width - 1
    down = (2 * tf.range(height, dtype=tf.float32) + 1) / height - 1
    u, v = tf.meshgrid(across, down)
    grid = tf.stack([u, v, tf.ones_like(u)], -1)
    places = tf.einsum("hwk,nck->nhwc", grid, matrices)
    # Positions of pixels in the picture with a grey edge around it: one before, two behind.
    x = tf.clip_by_value((places[..., 0] + 1) * width / 2 - 0.5, -1.0, float(width)) + 1
    y = tf.clip_by_value((places[..., 1] + 1) * height / 2 - 0.5, -1.0, float(height)) + 1
    edged = tf.pad(pictures - 0.5, [[0, 0], [1, 2], [1, 2], [0, 0]])
    flat = tf.reshape(edged, (-1, (height + 3) * (width + 3), pictures.shape[3]))
    left, top = tf.floor(x), tf.floor(y)
    first = tf.cast(top * (width + 3) + left, tf.int32)

    def at(offset):
        return tf.gather(flat, first + offset, axis=1, batch_dims=1)

    x_part, y_part = (x - left)[..., None], (y - top)[..., None]
    upper = at(0) * (1 - x_part) + at(1) * x_part
    lower = at(width + 3) * (1 - x_part) + at(width + 4) * x_part
    return upper * (1 - y_part) + lower * y_part + 0.5


class _Painter:
    """The loop, with its graph: tracing one takes seconds, so it serves for further pictures.

    stage_name: None looks at the logits, a stage at its activations.
    """

    def __init__(self, network: keras.Model, kind: Recipe, count: int, size: int, stage_name=None):
        if size < 32:
            raise CourseError(
                f"A picture of {size} pixels is too small: choose a size of 32 or more."
            )
        body = backbone_of(network)
        layers = [m for m in body.layers if isinstance(m, keras.layers.BatchNormalization)]
        layers = layers if kind.statistics else []
        self.remembered = [(layer.moving_mean, layer.moving_variance) for layer in layers]
        seen = body.output if stage_name is None else stage(network, stage_name).layers[-1].output
        outputs = {"inputs": [layer.input for layer in layers], "seen": seen}
        self.inside, self.head = keras.Model(body.input, outputs), network.get_layer("head")
        self.kind, self.count, self.size, self.stage_name = kind, count, size, stage_name
        self.render = from_coefficients if kind.fourier else tf.identity
        self.x = tf.Variable(recipes.start(kind, count, size, 0))
        self.optimiser = keras.optimizers.Adam(1.0, epsilon=1e-8)
        self.optimiser.build([self.x])
        self.step = tf.function(self._step)

    def look(self, pictures, asked):
        """Logits, or the mean activations of the channels asked for; inputs of normalisations."""
        found = self.inside(pictures, training=False)
        if self.stage_name is None:
            return self.head(found["seen"]), found["inputs"]
        means = tf.reduce_mean(found["seen"], (1, 2))
        return tf.gather(means, asked, axis=1, batch_dims=0), found["inputs"]

    def _loss(self, found, asked):
        if self.stage_name is not None:
            return -tf.reduce_mean(tf.linalg.diag_part(found))
        if self.kind.logit:
            return -tf.reduce_mean(found[:, asked])
        labels = tf.fill((self.count,), asked)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, found)
        return tf.reduce_mean(losses)

    def _step(self, matrices, asked, variation, statistics):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.x)
            pictures = self.render(self.x)
            found, inputs = self.look(
                view(pictures, matrices) if self.kind.views else pictures, asked
            )
            loss = self._loss(found, asked)
            if self.kind.variation:
                loss += variation * variation_loss(pictures)
            if self.kind.statistics:
                pairs = zip(inputs, self.remembered, strict=True)
                loss += statistics * tf.add_n([_distance(x, *memory) for x, memory in pairs])
        self.optimiser.apply([tape.gradient(loss, self.x)], [self.x])
        if not self.kind.fourier:
            self.x.assign(tf.clip_by_value(self.x, 0.0, 1.0))
        return found

    def paint(self, recipe: Recipe, asked, describe, seed: int, stills: int, progress: bool):
        """Pictures uint8 (count, size, size, 3), seconds, stills of the first one by step."""
        started = time.perf_counter()
        wanted, kept = recipes.keep(recipe.steps, stills), {}
        looks = recipes.views(recipe.steps, self.count, seed)
        self.x.assign(recipes.start(recipe, self.count, self.size, seed))
        for variable in self.optimiser.variables:
            variable.assign(tf.zeros_like(variable))
        weights = tf.constant(recipe.variation), tf.constant(recipe.statistics)
        asked = tf.constant(asked)
        bar = tqdm(range(recipe.steps), desc="Painting", disable=not progress, leave=False)
        with bar:
            for number in bar:
                if number in wanted:
                    kept[number] = _as_bytes(self.render(self.x))[0]
                self.optimiser.learning_rate = recipes.rate(recipe, number)
                found = self.step(tf.constant(looks[number]), asked, *weights)
                if progress and number % 10 == 0:
                    bar.set_postfix(describe(found))
        finished = _as_bytes(self.render(self.x))
        if recipe.steps in wanted:
            kept[recipe.steps] = finished[0]
        return finished, time.perf_counter() - started, kept


@lru_cache(maxsize=6)
def _painter(network: keras.Model, kind: Recipe, count: int, size: int, stage_name=None):
    return _Painter(network, kind, count, size, stage_name)


def _as_bytes(pictures: tf.Tensor) -> np.ndarray:
    return np.round(to_numpy(pictures) * 255).astype(np.uint8)


def _distance(inputs: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) -> tf.Tensor:
    """Between mean and variance of a batch normalisation's inputs and those it remembers."""
    found_mean, found_variance = tf.nn.moments(inputs, (0, 1, 2))
    return tf.norm(found_mean - mean) + tf.norm(found_variance - variance)
