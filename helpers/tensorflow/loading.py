"""Decoded photographs to batches for TensorFlow."""

import math
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from helpers.catalogue import NetworkInfo
from helpers.data import PhotographSet
from helpers.data.decoding import as_float, decode_many

MOST_BYTES_KEPT = 512 * 2**20
"""Decoded pictures up to this size stay in memory; more are decoded again in each epoch."""


def picture_batches(
    photographs: PhotographSet,
    info: NetworkInfo,
    *,
    batch_size: int = 32,
    augment: Callable | None = None,
    shuffle: bool = False,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches (pictures, labels): float32 (b, size, size, 3) in [0, 1], int64 (b,).

    augment: takes and returns a batch of such pictures, such as a Keras layer or
    `keras.Sequential` of layers; a new draw each time. shuffle: a new order each epoch, the same
    for the same seed.
    """
    fits = len(photographs) * info.size**2 * 3 <= MOST_BYTES_KEPT
    kept = decode_many(photographs.paths, info.size, info.crop) if fits else None

    def read(positions: np.ndarray) -> np.ndarray:
        if kept is not None:
            return kept[positions]
        return decode_many([photographs.paths[i] for i in positions], info.size, info.crop)

    def fetch(positions: tf.Tensor) -> tf.Tensor:
        found = tf.numpy_function(read, [positions], tf.uint8, stateful=False)
        return tf.ensure_shape(found, (None, info.size, info.size, 3))

    def finish(pictures, labels):
        pictures = tf.cast(pictures, tf.float32) / 255
        return (pictures if augment is None else augment(pictures)), labels

    batches = _batches(fetch, photographs.labels, batch_size, shuffle, seed)
    return batches.map(finish).prefetch(2)


def feature_batches(
    features: np.ndarray,
    labels,
    *,
    batch_size: int = 32,
    shuffle: bool = False,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches (features, labels): float32 (b, d), int64 (b,) from a matrix (n, d)."""
    matrix = tf.constant(features, tf.float32)
    return _batches(lambda rows: tf.gather(matrix, rows), labels, batch_size, shuffle, seed)


def pictures(photographs: PhotographSet, info: NetworkInfo) -> tf.Tensor:
    """All photographs as one tensor: float32 (n, size, size, 3) in [0, 1]."""
    return from_numpy(as_float(decode_many(photographs.paths, info.size, info.crop)))


def from_numpy(pictures: np.ndarray) -> tf.Tensor:
    """Pictures (n, h, w, 3) or one (h, w, 3), uint8 or float, as float32 (n, h, w, 3) in [0, 1]."""
    pictures = pictures if pictures.ndim == 4 else pictures[None]
    return tf.constant(as_float(pictures) if pictures.dtype == np.uint8 else pictures, tf.float32)


def to_numpy(pictures: tf.Tensor) -> np.ndarray:
    """Pictures (n, h, w, 3) as NumPy float32 (n, h, w, 3)."""
    return np.array(pictures, np.float32)


def _batches(fetch, labels, batch_size, shuffle, seed) -> tf.data.Dataset:
    """Batches (inputs, labels). fetch: takes positions, returns the inputs that stand there."""
    labels = tf.constant(np.asarray(labels, np.int64))
    count, rng = len(labels), np.random.default_rng(seed)

    def one_epoch():
        yield rng.permutation(count) if shuffle else np.arange(count)

    order = tf.data.Dataset.from_generator(
        one_epoch, output_signature=tf.TensorSpec((count,), tf.int64)
    )
    batches = order.unbatch().batch(batch_size)
    batches = batches.map(lambda positions: (fetch(positions), tf.gather(labels, positions)))
    return batches.apply(tf.data.experimental.assert_cardinality(math.ceil(count / batch_size)))
