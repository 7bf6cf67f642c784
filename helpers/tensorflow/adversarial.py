"""Bounded attacks: pictures changed so little that nobody sees it, and the network answers wrong.

Gradients are taken with respect to the picture alone; the networks stay as they were found.
"""

from collections.abc import Sequence
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from helpers import imagenet, perturbations, recipes
from helpers.errors import CourseError
from helpers.tensorflow.ideal import view
from helpers.tensorflow.loading import from_numpy, to_numpy
from helpers.tensorflow.networks import probabilities


def attack(
    network: keras.Model | Sequence[keras.Model],
    pictures: np.ndarray,
    target: str | int,
    *,
    epsilon: float | None = 2 / 255,
    steps: int = 10,
    views: int = 0,
    seed: int = 0,
    batch_size: int = 16,
    progress: bool = True,
) -> np.ndarray:
    """Targeted projected gradient descent: float32 pictures (n, h, w, 3) in [0, 1].

    No value of any pixel is further than epsilon from the original (Mądry et al., "Towards Deep
    Learning Models Resistant to Adversarial Attacks", ICLR 2018,
    https://arxiv.org/abs/1706.06083). What fools anybody is what comes back from a file: see
    `helpers.perturbations.saved`; where epsilon is a multiple of 1/255 that keeps the bound too.

    network: one with an ImageNet head, or several to fool at once. pictures: (n, h, w, 3) or one
    (h, w, 3), uint8 or float in [0, 1]. target: the wanted class. epsilon: None is no bound but
    that of valid values. views: so many random views (`recipes.views`) are attacked at each step
    instead of the picture itself (Athalye et al., "Synthesizing Robust Adversarial Examples",
    ICML 2018).

    Raises CourseError: an unknown class, no picture, or an epsilon that is not above 0.
    """
    networks = [network] if isinstance(network, keras.Model) else list(network)
    number, originals = imagenet.find(target), perturbations.check(pictures)
    if epsilon is not None and not epsilon > 0:
        raise CourseError(f"epsilon={epsilon} changes nothing: choose a number above 0.")
    bound = 1.0 if epsilon is None else epsilon
    stride = 2.5 * min(bound, 16 / 255) / steps
    looks = tf.constant(recipes.views(steps, max(1, views), seed))
    descend = _descent(tuple(networks), views, *originals.shape[1:3])
    finished = []
    bar = tqdm(total=len(originals) * steps, desc="Attack", disable=not progress, leave=False)
    with bar:
        for start in range(0, len(originals), batch_size):
            original = from_numpy(originals[start : start + batch_size])
            low, high = tf.maximum(original - bound, 0.0), tf.minimum(original + bound, 1.0)
            x = original
            for step in range(steps):
                x = descend(x, low, high, looks[step], tf.constant(stride), tf.constant(number))
                bar.update(len(x))
            finished.append(to_numpy(x))
    return np.concatenate(finished)


def one_step(
    network: keras.Model,
    pictures: np.ndarray,
    classes: Sequence[int],
    *,
    epsilon: float = 2 / 255,
) -> np.ndarray:
    """The fast gradient sign method, untargeted: one step away from each picture's own class.

    Goodfellow et al., "Explaining and Harnessing Adversarial Examples", ICLR 2015,
    https://arxiv.org/abs/1412.6572. classes: (n,), what the pictures show. Returns float32
    pictures (n, h, w, 3) in [0, 1]. Errors as in `attack`.
    """
    x = from_numpy(perturbations.check(pictures))
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = _cross_entropy(np.asarray(classes, np.int64), network(x, training=False))
    return to_numpy(tf.clip_by_value(x + epsilon * tf.sign(tape.gradient(loss, x)), 0.0, 1.0))


def smallest_epsilon(
    network: keras.Model,
    picture: np.ndarray,
    target: str | int,
    *,
    steps: int = 10,
    precision: float = 0.05,
) -> float:
    """The smallest epsilon that makes the target the most probable class, in units of 1/255.

    Found by bisection between 0 and 16 without saving, where any fraction of a level counts.
    Raises CourseError where 16 is not enough.
    """
    number, low, high = imagenet.find(target), 0.0, 16.0

    def works(levels: float) -> bool:
        found = attack(network, picture, number, epsilon=levels / 255, steps=steps, progress=False)
        return probabilities(network, found)[0].argmax() == number

    if not works(high):
        raise CourseError(
            "An epsilon of 16/255 does not make this picture the wanted class: take more steps."
        )
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def defended(
    network: keras.Model, pictures: np.ndarray, *, views: int = 8, seed: int = 1
) -> np.ndarray:
    """Mean probabilities over random views of each picture, float32 (n, classes).

    A small defence: a perturbation made for exact pixels suffers when they are resampled (Xie et
    al., "Mitigating Adversarial Effects Through Randomization", ICLR 2018).
    """
    x = from_numpy(perturbations.check(pictures))
    seen = [to_numpy(part) for part in _seen(x, recipes.views(1, views, seed)[0], views)]
    return np.mean([probabilities(network, part) for part in seen], 0)


@lru_cache(maxsize=6)
def _descent(networks: tuple[keras.Model, ...], views: int, height: int, width: int):
    """One step of the attack as a graph. Tracing takes seconds, so it serves for further calls."""
    many = tf.TensorSpec((None, height, width, 3))
    one = tf.TensorSpec(())
    looks = tf.TensorSpec((max(1, views), 2, 3))

    @tf.function(input_signature=(many, many, many, looks, one, tf.TensorSpec((), tf.int32)))
    def descend(x, low, high, matrices, stride, number):
        labels = tf.fill(tf.shape(x)[:1], number)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            loss = 0.0
            for seen in _seen(x, matrices, views) if views else [x]:
                for network in networks:
                    loss += _cross_entropy(labels, network(seen, training=False))
        gradient = tape.gradient(loss, x)
        return tf.clip_by_value(x - stride * tf.sign(gradient), low, high)

    return descend


def _seen(pictures: tf.Tensor, matrices, views: int) -> list[tf.Tensor]:
    """All pictures through each of the matrices (views, 2, 3)."""
    count = tf.shape(pictures)[0]
    return [view(pictures, tf.repeat(matrices[i][None], count, 0)) for i in range(views)]


def _cross_entropy(labels, logits: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
