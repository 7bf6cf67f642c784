"""TensorFlow: the course's paths beside the usual ones. `python with_tensorflow.py PHOTOGRAPHS`

Foolbox 3.3.4 attacks no TensorFlow network where NumPy 2 is installed, so it is not among them.
"""

import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf
from server import class_folders, photographs, serve

from helpers import engine as engines
from helpers import imagenet
from helpers.data.decoding import as_float, decode_many
from helpers.evaluation import cosine
from helpers.precision import resolve
from helpers.tensorflow import adversarial, features, ideal, loading, networks, training

EPOCHS = 5
STORE = tempfile.mkdtemp()
SMALL = {"progress": False}

some = photographs(int(sys.argv[1]))
labels = np.array(some.labels)
half = len(some) // 2
body = networks.backbone()
info = body.info
decoded = decode_many(some.paths, info.size, info.crop)
plain = networks.backbone()
folders = [class_folders(part) for part in (some, some.subset(range(half)))]
folders.append(class_folders(some.subset(range(half, len(some)))))
exact = features.extract(body, some, precision="float32", folder=tempfile.mkdtemp(), **SMALL)


def usual(folder):
    """Keras's own loading. Its pictures have values to 255, the course's networks take 1."""
    batches = keras.utils.image_dataset_from_directory(
        folder, image_size=(info.size, info.size), batch_size=32, shuffle=False, verbose=False
    )
    return batches.map(lambda pictures, truth: (pictures / 255, truth)).prefetch(tf.data.AUTOTUNE)


def course(precision="auto"):
    found = features.extract(body, some, precision=precision, folder=tempfile.mkdtemp(), **SMALL)
    return {"cosine": float(cosine(found, exact).min())}


def compiled(precision="auto"):
    features._engine(body, decoded.shape[1:], resolve(precision))


def compile_anew():
    engines._last.clear()
    compiled()


def tutorial():
    plain.predict(usual(folders[0]), verbose=0)


def forward_only(precision="auto"):
    parts = [decoded[i : i + 16] for i in range(0, len(decoded), 16)]
    for _ in features._many(body, parts, precision):
        pass


def from_the_start():
    """Features of every photograph and five epochs; the engine is compiled anew."""
    engines._last.clear()
    return five_epochs(tempfile.mkdtemp())


def again():
    """The same in a second run: the features are on disk."""
    return five_epochs(STORE)


def five_epochs(folder):
    matrix = features.extract(body, some, folder=folder, **SMALL)
    head = networks.head_of(networks.classifier(body, 2))
    rows = [slice(0, half), slice(half, None)]
    train, held = (loading.feature_batches(matrix[r], labels[r]) for r in rows)
    training.fit(head, train, held, epochs=EPOCHS, learning_rate=1e-2, **SMALL)
    return {"accuracy": training.evaluate(head, held).accuracy}


def tutorial_loop():
    """The frozen network looks at every photograph in every epoch."""
    keras.utils.set_random_seed(0)
    plain.trainable = False
    network = keras.Sequential([plain, keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(1e-2), loss, metrics=["accuracy"])
    train, held = map(usual, folders[1:])
    history = network.fit(train, validation_data=held, epochs=EPOCHS, verbose=0)
    return {"accuracy": history.history["val_accuracy"][-1]}


whole = networks.load()
victims = as_float(decoded[:8])
siamese = imagenet.find("Siamese cat")


def attack():
    found = adversarial.attack(whole, victims, siamese, epsilon=2 / 255, steps=10, **SMALL)
    return {"success": float(answers(found).mean())}


def answers(pictures):
    return (
        whole(loading.from_numpy(np.asarray(pictures)), training=False).numpy().argmax(1) == siamese
    )


def ideal_picture():
    painting = ideal.paint(whole, siamese, **SMALL)
    return {"score": float(np.max(painting.scores))}


serve(
    {
        "course": course,
        "course, float32": lambda: course("float32"),
        "compiling the network": compile_anew,
        "tutorial": tutorial,
        "forward only": forward_only,
        "forward only, float32": lambda: forward_only("float32"),
        "five epochs, course": from_the_start,
        "five epochs, features stored": again,
        "five epochs, tutorial": tutorial_loop,
        "attack, course": attack,
        "ideal picture": ideal_picture,
    },
    {
        name: lambda precision=precision: compiled(precision)
        for base in ("course", "forward only")
        for name, precision in ((base, "auto"), (f"{base}, float32", "float32"))
    },
)
