"""Where a network looked."""

import keras
import numpy as np
import tensorflow as tf

from helpers.tensorflow.networks import backbone_of, info_of, stage


def grad_cam(network: keras.Model, pictures, classes) -> np.ndarray:
    """Grad-CAM: how much each place of the last stage speaks for a class, (n, h, w) in [0, 1].

    network: a backbone and a head. pictures: (n, h, w, 3) in [0, 1]. classes: (n,), one for each
    picture. The last stage's channels are weighed by the mean gradient of the class's logit and
    summed; what speaks against the class is cut off (Selvaraju et al., "Grad-CAM", ICCV 2017,
    https://arxiv.org/abs/1610.02391). Each map is scaled by its own maximum.
    """
    body = backbone_of(network)
    last = stage(body, info_of(body).stages[-1]).layers[-1].output
    seen = keras.Model(body.input, last)(pictures, training=False)
    above = keras.Model(last, body.output)
    after = network.layers[network.layers.index(body) + 1 :]
    with tf.GradientTape() as tape:
        tape.watch(seen)
        x = above(seen, training=False)
        for layer in after:
            x = layer(x)
        chosen = tf.gather(x, np.asarray(classes), axis=1, batch_dims=1)
    weights = tf.reduce_mean(tape.gradient(chosen, seen), (1, 2), keepdims=True)
    maps = tf.nn.relu(tf.reduce_sum(weights * seen, -1)).numpy()
    return maps / maps.max((1, 2), keepdims=True).clip(1e-12)
