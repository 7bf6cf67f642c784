"""VGG, ResNet and MobileNet as `keras.applications` knows them, downloaded on first use."""

import os
import socket
from pathlib import Path

import keras
import numpy as np

from helpers.catalogue import DEFAULT, NetworkInfo
from helpers.errors import CourseError
from helpers.files import replacing

_HOST = "https://storage.googleapis.com/tensorflow/keras-applications/"
_FILES = {  # builder, weights file, its MD5 as Keras has it
    "vgg16": (
        "VGG16",
        "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        "64373286793e3c8b2b4e3219cbf3544b",
    ),
    "vgg19": (
        "VGG19",
        "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels.h5",
        "cbe5617147190e668d6c5d5026f83318",
    ),
    "resnet50": (
        "ResNet50",
        "resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5",
        "2cb95161c43110f7111970584f804107",
    ),
    "mobilenet_v2": (
        "MobileNetV2",
        "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
        None,
    ),
}
_VGG = tuple(f"block{i}_pool" for i in range(1, 6))
_ENDS = {
    "vgg16": _VGG,
    "vgg19": _VGG,
    "resnet50": (
        "pool1_pool",
        "conv2_block3_out",
        "conv3_block4_out",
        "conv4_block6_out",
        "conv5_block3_out",
    ),
    "mobilenet_v2": (
        "Conv1_relu",
        "expanded_conv_project_BN",
        "block_2_add",
        "block_5_add",
        "block_12_add",
        "block_16_project_BN",
        "out_relu",
    ),
}


def build(info: NetworkInfo, x, pretrained: bool) -> tuple[keras.KerasTensor, list[np.ndarray]]:
    """The network's layers above the normalised pictures `x`, weights loaded if `pretrained`.

    Returns the features and the kernel and bias of the head for ImageNet's classes. A VGG needs
    pictures 224 pixels wide; the others take any.
    """
    path = str(_downloaded(info)) if pretrained else None
    make = getattr(keras.applications, _FILES[info.name][0])
    if info.name != "mobilenet_v2":
        x = keras.ops.flip(x, axis=-1)  # these weights know blue, green, red
    vgg = info.name.startswith("vgg")
    try:
        whole = make(weights=path, classifier_activation=None, input_tensor=x if vgg else None)
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"{path} is damaged or holds another network ({str(error).splitlines()[0][:80]}): "
            "delete it and run again."
        ) from None
    *_, features, head = whole.layers
    if vgg:
        return features.output, head.get_weights()
    body = make(include_top=False, weights=None, input_tensor=x)
    for layer in body.layers:
        if layer.weights:
            layer.set_weights(whole.get_layer(layer.name).get_weights())
    return keras.layers.GlobalAveragePooling2D(name="pool")(body.output), head.get_weights()


def preprocessing(info: NetworkInfo) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation, RGB, of what Keras's weights expect of pictures in [0, 1]."""
    if info.name == "mobilenet_v2":
        return (0.5,) * 3, (0.5,) * 3
    return tuple(c / 255 for c in (123.68, 116.779, 103.939)), (1 / 255,) * 3


def ends(info: NetworkInfo, body: keras.Model) -> tuple[str, ...]:
    """The name of the layer that each stage ends with."""
    return _ENDS[info.name]


def _downloaded(info: NetworkInfo) -> Path:
    """A weights file from Keras's cache, or from the internet: whole or not at all."""
    _, file, md5 = _FILES[info.name]
    home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    path = home / "models" / file.rsplit("/", 1)[-1]
    if path.exists():
        return path
    before = socket.getdefaulttimeout()
    with replacing(path) as temporary:
        try:
            socket.setdefaulttimeout(10)
            keras.utils.get_file(
                temporary.name, _HOST + file, file_hash=md5, cache_dir=home, cache_subdir="models"
            )
        except Exception:  # get_file raises bare Exceptions
            raise CourseError(
                f"The weights of {info.title} ({info.megabytes} MB) are not on this machine and "
                f"{_HOST}{file} cannot be reached: put that file into {path.parent}, or use the "
                f'network "{DEFAULT}", whose weights are already installed.'
            ) from None
        finally:
            socket.setdefaulttimeout(before)
    return path
