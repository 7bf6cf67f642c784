"""Photographs to a feature matrix, each photograph once."""

import time
from collections.abc import Iterable, Iterator
from itertools import chain

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from helpers.data import PhotographSet
from helpers.data.decoding import batches
from helpers.engine import Engine, engine, openvino
from helpers.fingerprints import fingerprint_arrays
from helpers.precision import resolve
from helpers.store import FeatureStore, stored_features
from helpers.tensorflow.loading import to_numpy
from helpers.tensorflow.networks import Backbone, _bfloat16, device, fingerprint


def extract(
    backbone: Backbone,
    photographs: PhotographSet,
    *,
    precision: str = "auto",
    batch_size: int = 16,
    folder=None,
    progress: bool = True,
) -> np.ndarray:
    """The backbone's features of all photographs, float32 (n, d), in their order.

    What was computed before, in either framework, is read from disk (`helpers.store`). An
    interrupted run goes on where it stopped.

    precision: "float32", "bfloat16", or "auto": bfloat16 where the processor has it. folder:
    where the store is kept, by default `features` in the data folder.
    """
    info, precision = backbone.info, resolve(precision)
    key = f"{info.name}-{fingerprint(backbone)}-{info.size}-{info.crop}-{precision}"

    def compute(missing: list[int]) -> Iterator[np.ndarray]:
        decoded = batches([photographs.paths[i] for i in missing], info.size, info.crop, batch_size)
        with tqdm(desc="Features", total=len(missing), unit="photo", disable=not progress) as bar:
            for found in _many(backbone, decoded, precision):
                yield found
                bar.update(len(found))

    return stored_features(FeatureStore(key, info.features, folder), photographs.digests, compute)


def collect(
    network: keras.Model, batches: Iterable, *, precision: str = "auto"
) -> tuple[np.ndarray, np.ndarray]:
    """What a network or a part of it says of batches (pictures, labels), with their labels.

    For pictures that no store knows, such as augmented ones: float32 (n, ...), int64 (n,).
    Nothing is trained and nothing is kept on disk.
    """
    labels = []

    def plain() -> Iterator[np.ndarray]:
        for pictures, part in batches:
            labels.append(np.asarray(part))
            yield np.round(to_numpy(pictures) * 255).astype(np.uint8)

    found = np.concatenate(list(_many(network, plain(), precision)))
    return found, np.concatenate(labels)


def speed(network: keras.Model, batches: Iterable[np.ndarray], precision: str = "auto") -> float:
    """How many pictures a second the network handles, as `extract` lets it work.

    batches: two or more, as in `forward`. The first one, which warms everything up, is not counted.
    """
    stream = _many(network, batches, precision)
    next(stream)
    started = time.perf_counter()
    return sum(map(len, stream)) / (time.perf_counter() - started)


def forward(
    network: keras.Model, batches: Iterable[np.ndarray], precision: str = "auto"
) -> Iterator[np.ndarray]:
    """What a network or backbone says of uint8 batches (b, h, w, 3): float32 (b, d) for each.

    Nothing is trained. All batches have pictures of one size; the weights are those of the moment
    when the first one comes.
    """
    answer, precision = None, resolve(precision)
    for pictures in batches:
        answer = answer or _compiled(network, pictures.shape[1:])
        with _bfloat16(precision):
            found = answer(tf.constant(pictures)).numpy()
        yield found


def _compiled(network: keras.Model, shape):
    """A graph from uint8 pictures to the network's answer.

    With the weights as constants TensorFlow merges batch normalisation and activation into each
    convolution, which makes it faster by half, and OpenVINO reads the graph sooner. A network
    without batch normalisation gains nothing by that, and VGG's large weights would need much
    memory.
    """
    if _normalises(network):
        trained = [v.numpy() for v in network.trainable_variables]
        others = [v.numpy() for v in network.non_trainable_variables]

        def answer(x):
            return network.stateless_call(trained, others, x, training=False)[0]
    else:

        def answer(x):
            return network(x, training=False)

    @tf.function(input_signature=[tf.TensorSpec((None, *shape), tf.uint8)])
    def graph(pictures):
        return answer(tf.cast(pictures, tf.float32) / 255)

    return graph


def _many(
    network: keras.Model, batches: Iterable[np.ndarray], precision: str = "auto"
) -> Iterator[np.ndarray]:
    """As `forward`, made for many pictures: on a processor the network is compiled first, which
    takes most of a second (`helpers.engine`)."""
    stream, precision = iter(batches), resolve(precision)
    for first in stream:
        compiled, stream = _engine(network, first.shape[1:], precision), chain([first], stream)
        yield from compiled(stream) if compiled else forward(network, stream, precision)


def _engine(network: keras.Model, shape, precision: str) -> Engine | None:
    """The network, from uint8 pictures of one shape (h, w, 3) on; None on a graphics card.

    None also without batch normalisation: there is little to merge, and VGG's large weights would
    be in memory several times.
    """
    if not _normalises(network) or device() != "cpu":
        return None

    def convert():
        return openvino().convert_model(_compiled(network, shape).get_concrete_function())

    weights = fingerprint_arrays(network.get_weights())
    return engine(network, f"{weights}-{shape}", precision, convert)


def _normalises(network: keras.Model) -> bool:
    """Whether there is batch normalisation in it."""
    layers = network._flatten_layers()
    return any(isinstance(layer, keras.layers.BatchNormalization) for layer in layers)
