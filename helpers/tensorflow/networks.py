"""Pretrained networks in Keras: pictures in, logits or features out.

Every network takes pictures with values in [0, 1] and does its own preprocessing inside.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers.catalogue import DEFAULT, NetworkInfo, network_info
from helpers.errors import CourseError
from helpers.fingerprints import fingerprint_arrays
from helpers.precision import resolve
from helpers.tensorflow import _applications, _lite
from helpers.tensorflow.loading import from_numpy


@keras.saving.register_keras_serializable("course")
class Backbone(keras.Model):
    """A pretrained network without its last layer: a Functional model, pictures to features.

    Takes float pictures (n, h, w, 3) in [0, 1], returns features (n, info.features).

    batch_norm_training: batch normalisation stays in evaluation mode, also while the rest of
    the network trains, unless this is set to True. Writing `body(inputs, training=False)` is not
    enough: from some version on (seen in Keras 3.15) `fit` overrules it.
    """

    batch_norm_training = False

    @property
    def info(self) -> NetworkInfo:
        """The catalogue's entry."""
        return network_info(self.name)

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=bool(training) and self.batch_norm_training, mask=mask)


class _Upper(keras.Model):
    """The upper half of a backbone; batch normalisation trains only if `trains()` says so."""

    trains = staticmethod(lambda: False)

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=bool(training) and self.trains(), mask=mask)


class Stage:
    """Some neighbouring layers of a backbone.

    layers: from the picture upwards. trainable: set it to unfreeze or freeze them all.
    """

    def __init__(self, layers: list[keras.layers.Layer]):
        self.layers = layers

    @property
    def trainable(self) -> bool:
        return any(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self.layers:
            layer.trainable = value


def device() -> str:
    """What the machine computes on: "cuda", "mps" or "cpu"."""
    return "cuda" if tf.config.list_physical_devices("GPU") else "cpu"


def load(name: str = DEFAULT, *, pretrained: bool = True, mean=None, std=None) -> keras.Model:
    """A pretrained network with its ImageNet head: pictures (n, h, w, 3) to 1000 logits.

    Arguments and errors as in `backbone`.
    """
    body, head = _build(network_info(name), pretrained, mean, std)
    network = classifier(body, 1000)
    if pretrained:
        network.get_layer("head").set_weights(head)
    return network


def backbone(name: str = DEFAULT, *, pretrained: bool = True, mean=None, std=None) -> Backbone:
    """A pretrained network without its last layer: pictures (n, h, w, 3) to features.

    name: a network of `helpers.catalogue`. pretrained: False leaves random weights, the same
    each time, to see what pretraining brings. mean, std: three numbers each that replace the
    preprocessing the weights were trained with, only to see what that breaks.

    Raises CourseError: an unknown name, or weights that are neither here nor can be downloaded.
    """
    return _build(network_info(name), pretrained, mean, std)[0]


def classifier(body: Backbone, classes: int, *, seed: int = 0) -> keras.Model:
    """The backbone with a new, untrained head: pictures (n, h, w, 3) to `classes` logits."""
    inputs = keras.Input(body.input_shape[1:], name="pictures")
    features = body(inputs, training=False)
    bound = features.shape[-1] ** -0.5  # PyTorch starts the same way
    start = [keras.initializers.RandomUniform(-bound, bound, seed=seed + i) for i in (0, 1)]
    head = layers.Dense(
        classes, kernel_initializer=start[0], bias_initializer=start[1], name="head"
    )
    return keras.Model(inputs, head(features), name=f"{body.name}_classifier")


def stage(network: keras.Model, name: str) -> Stage:
    """One stage of a network or backbone, to look at or to unfreeze.

    Raises CourseError for a stage the network does not have.
    """
    body = backbone_of(network)
    if name not in body.info.stages:
        raise CourseError(
            f"{body.info.title} has no stage {name!r}: it has {', '.join(body.info.stages)}."
        )
    number = body.info.stages.index(name)
    names = [layer.name for layer in body.layers]
    positions = [names.index(end) + 1 for end in _ends(body)]
    start = positions[number - 1] if number else names.index("preprocessing") + 1
    return Stage(body.layers[start : positions[number]])


def activations(network: keras.Model, pictures, stages: Sequence[str]) -> dict[str, np.ndarray]:
    """What the network sees at the named stages: arrays (n, h, w, channels), float32.

    pictures: (n, h, w, 3) in [0, 1]. No gradient is kept.
    """
    body = backbone_of(network)
    outputs = {name: stage(body, name).layers[-1].output for name in stages}
    found = keras.Model(body.input, outputs)(pictures, training=False)
    return {name: found[name].numpy().astype(np.float32) for name in stages}


def cut(network: keras.Model, name: str) -> tuple[keras.Model, keras.Model]:
    """A network in two halves: what lies below the stage `name`, and that stage with all above.

    below: pictures (n, h, w, 3) in [0, 1] to what the stage takes in. above: that to logits. Both
    share their weights with the network: what `above` learns, the network knows. Where all below
    is frozen, its answer to a picture can be computed once.

    Raises CourseError for a stage the network does not have.
    """
    body = backbone_of(network)
    seam = stage(body, name).layers[0].input
    upper = _Upper(seam, body.output, name="upper")
    upper.trains = lambda: body.batch_norm_training
    inputs = keras.Input(seam.shape[1:], name="seen_below")
    logits = network.get_layer("head")(upper(inputs))
    return keras.Model(body.input, seam), keras.Model(inputs, logits)


def probabilities(network: keras.Model, pictures: np.ndarray, batch_size: int = 32) -> np.ndarray:
    """The network's probabilities for NumPy pictures: float32 (n, classes).

    pictures: (n, h, w, 3) or one (h, w, 3), uint8 or float in [0, 1]. The network is left in the
    mode it was in.
    """
    x = from_numpy(np.asarray(pictures))
    starts = range(0, len(x), batch_size)
    parts = [network(x[start : start + batch_size], training=False) for start in starts]
    return tf.nn.softmax(tf.concat(parts, 0)).numpy()


def info_of(network: keras.Model) -> NetworkInfo:
    """The catalogue's entry of the network or backbone."""
    return backbone_of(network).info


def backbone_of(network: keras.Model) -> Backbone:
    """The backbone inside a network; a backbone is returned as it is."""
    for model in (network, *network.layers):
        if isinstance(model, Backbone):
            return model
    raise CourseError("This network has no backbone of the course: build it with networks.load.")


def head_of(network: keras.Model) -> keras.Model:
    """The head alone: features (n, d) to logits. What it learns, the network knows."""
    head = network.get_layer("head")
    return keras.Sequential([keras.Input(head.input.shape[1:]), head], name="head_alone")


def parameter_counts(network: keras.Model) -> tuple[int, int]:
    """How many parameters are trained, and how many there are."""
    everything = [v for v in network.weights if "moving_" not in v.name]
    trained = [v for v in everything if v.trainable]
    return tuple(int(sum(np.prod(v.shape) for v in part)) for part in (trained, everything))


def fingerprint(network: keras.Model) -> str:
    """Sixteen hexadecimal digits that change with any weight or with the preprocessing.

    The same weights have the same fingerprint in both frameworks.
    """
    about = backbone_of(network).get_layer("preprocessing").get_config()
    preprocessing = [*about["mean"], *(variance**0.5 for variance in about["variance"])]
    return fingerprint_arrays(network.get_weights(), preprocessing)


@contextmanager
def _bfloat16(precision: str) -> Iterator[None]:
    """Inside, graphs compute convolutions and products in bfloat16 if that is asked for.

    The weights stay float32; only "bfloat16" asks for it, not "auto".
    """
    option = "auto_mixed_precision_onednn_bfloat16"
    reduced = precision != "auto" and resolve(precision) == "bfloat16"
    before = tf.config.optimizer.get_experimental_options().get(option, False)
    tf.config.optimizer.set_experimental_options({option: reduced})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({option: before})


def _build(info: NetworkInfo, pretrained: bool, mean, std) -> tuple[Backbone, list]:
    """The backbone, and the kernel and bias of the head (only if pretrained)."""
    family = _lite if info.bundled else _applications
    known = (info.mean, info.std) if info.bundled else _applications.preprocessing(info)
    side = info.size if info.name.startswith("vgg") else None
    inputs = keras.Input((side, side, 3), name="pictures")
    normalise = layers.Normalization(
        mean=[float(number) for number in mean or known[0]],
        variance=[float(number) ** 2 for number in std or known[1]],
        name="preprocessing",
    )
    features, head = family.build(info, normalise(inputs), pretrained)
    body = Backbone(inputs, features, name=info.name)
    if not pretrained:
        _randomise(body)
    return body, head


def _randomise(body: Backbone) -> None:
    """Normal numbers whose size keeps the signal's (He et al., ICCV 2015), from one seed."""
    rng = np.random.default_rng(0)
    for kernel in (v for v in body.trainable_variables if v.name == "kernel"):
        *inputs, _ = kernel.shape if kernel.shape[-1] > 1 else (*kernel.shape[:2], 1)
        kernel.assign(rng.normal(0, (2 / np.prod(inputs)) ** 0.5, kernel.shape))


def _ends(body: Backbone) -> Sequence[str]:
    return (_lite if body.info.bundled else _applications).ends(body.info, body)
