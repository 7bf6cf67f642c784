"""Training and evaluating a network in Keras."""

import math
import time
from collections.abc import Iterable

import keras
import numpy as np
from tqdm.auto import tqdm

from helpers.errors import CourseError
from helpers.evaluation import Evaluation, evaluation
from helpers.history import History
from helpers.tensorflow.networks import _bfloat16


def fit(
    network: keras.Model,
    train: Iterable,
    validation: Iterable,
    *,
    epochs: int = 3,
    learning_rate: float = 1e-3,
    schedule: str = "constant",
    patience: int | None = None,
    weight_decay: float = 0.0,
    precision: str = "auto",
    seed: int = 0,
    progress: bool = True,
) -> History:
    """Train what is not frozen, with Adam on the cross-entropy; keep the best weights.

    train, validation: batches (inputs, labels), see `loading`. learning_rate: at the start.
    schedule: "constant", or "cosine": falls to zero over all epochs (Loshchilov, Hutter, "SGDR",
    ICLR 2017). patience: stop after so many epochs without a lower validation loss. weight_decay:
    decoupled (AdamW). precision: "auto" computes in float32, which is faster than bfloat16 when
    TensorFlow trains on a processor. Where no epoch has a lower validation loss than the weights
    the training began with, those are kept. After an interrupt the network has the weights of its
    last step.

    The network is compiled here, so freeze or unfreeze before. Raises CourseError: nothing left to
    train, no batches, or a loss that is no number any more.
    """
    if not network.trainable_variables:
        raise CourseError("Every parameter is frozen: set trainable = True on what should learn.")
    if schedule not in ("constant", "cosine"):
        raise CourseError(f'schedule={schedule!r} is unknown: choose "constant" or "cosine".')
    if len(train) == 0:
        raise CourseError("There is nothing to train on: the training set is empty.")
    if len(validation) == 0:
        raise CourseError("There is nothing to evaluate: the set of photographs is empty.")
    keras.utils.set_random_seed(seed)
    steps, rate = epochs * len(train), float(learning_rate)
    if schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, max(1, steps))
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=weight_decay, epsilon=1e-8),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    network.optimizer.build(network.trainable_variables)  # or Keras traces the step a second time
    bar = tqdm(total=steps, desc="Training", unit="batch", disable=not progress, leave=False)
    with bar, _bfloat16(precision):
        start, _ = network.evaluate(validation, verbose=0)
        record = _Record(network, start, bar, rate, epochs, patience)
        network.fit(
            train,
            validation_data=validation,
            epochs=epochs,
            callbacks=[record],
            shuffle=False,
            verbose=0,
        )
    network.set_weights(record.best)
    return record.history


def evaluate(network: keras.Model, batches: Iterable, *, precision: str = "auto") -> Evaluation:
    """The network's probabilities and loss on batches (inputs, labels). Nothing is trained."""
    logits, labels = [], []
    with _bfloat16(precision):
        for inputs, part in batches:
            logits.append(network.predict_on_batch(inputs))
            labels.append(np.asarray(part))
    if not labels:
        raise CourseError("There is nothing to evaluate: the set of photographs is empty.")
    return evaluation(np.concatenate(logits), np.concatenate(labels))


class _Record(keras.callbacks.Callback):
    """Writes the history, keeps the best weights, moves the progress bar, stops early."""

    def __init__(self, network: keras.Model, start: float, bar: tqdm, rate, epochs, patience):
        super().__init__()
        self.history = History(best_epoch=-1)
        self.best, self.best_loss = network.get_weights(), start
        self.bar, self.rate, self.epochs, self.patience = bar, rate, epochs, patience

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.bar.update()

    def on_epoch_end(self, epoch, logs):
        if not math.isfinite(logs["loss"]):
            raise CourseError(
                f"The loss is no number any more in epoch {epoch + 1}: "
                "choose a lower learning rate."
            )
        history, step = self.history, self.model.optimizer.iterations - 1
        history.train_loss.append(logs["loss"])
        history.train_accuracy.append(logs["accuracy"])
        history.validation_loss.append(logs["val_loss"])
        history.validation_accuracy.append(logs["val_accuracy"])
        history.learning_rate.append(float(self.rate(step) if callable(self.rate) else self.rate))
        history.seconds.append(time.perf_counter() - self.started)
        self.bar.set_postfix(validation=f"{logs['val_accuracy']:.3f}")
        if logs["val_loss"] < self.best_loss:
            self.best_loss, history.best_epoch = logs["val_loss"], epoch
            self.best = self.model.get_weights()
        elif self.patience is not None and epoch - history.best_epoch >= self.patience:
            self.model.stop_training = True
            history.stopped_early = epoch + 1 < self.epochs
