"""VGG, ResNet and MobileNet as `keras.applications` knows them, downloaded on first use."""

import keras
import numpy as np

from helpers.catalogue import NetworkInfo
from helpers.errors import CourseError
from helpers.weights import fetch

_BUILDERS = {
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "resnet50": "ResNet50",
    "mobilenet_v2": "MobileNetV2",
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
    path = str(fetch("tensorflow", info.name)) if pretrained else None
    make = getattr(keras.applications, _BUILDERS[info.name])
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
