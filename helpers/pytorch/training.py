"""Training and evaluating a network in PyTorch."""

import copy
import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers.errors import CourseError
from helpers.evaluation import Evaluation, evaluation
from helpers.history import History
from helpers.precision import resolve
from helpers.pytorch.networks import _device_of


def fit(
    network: nn.Module,
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
    decoupled (AdamW). precision: "auto" computes in bfloat16 where the processor has it, the
    weights stay float32; a head alone is always trained in float32. Where no epoch has a lower
    validation loss than the weights the training began with, those are kept. After an interrupt
    the network has the weights of its last step.

    Raises CourseError: nothing left to train, no batches, or a loss that is no number any more.
    """
    trained = [p for p in network.parameters() if p.requires_grad]
    if not trained:
        raise CourseError("Every parameter is frozen: set requires_grad on what should learn.")
    if schedule not in ("constant", "cosine"):
        raise CourseError(f'schedule={schedule!r} is unknown: choose "constant" or "cosine".')
    if len(train) == 0:
        raise CourseError("There is nothing to train on: the training set is empty.")
    torch.manual_seed(seed)
    where = _device_of(network)
    reduced = resolve(precision) == "bfloat16" and where.type != "mps" and _convolves(network)
    optimiser = torch.optim.AdamW(trained, lr=learning_rate, weight_decay=weight_decay)
    history, steps, step = History(best_epoch=-1), epochs * len(train), 0
    best = copy.deepcopy(network.state_dict())
    best_loss = evaluate(network, validation, precision=precision).loss
    bar = tqdm(total=steps, desc="Training", unit="batch", disable=not progress, leave=False)
    with bar, _threads(network):
        for epoch in range(epochs):
            started = time.perf_counter()
            network.train()
            total, right, seen = 0.0, 0, 0
            for inputs, labels in train:
                if schedule == "cosine":
                    optimiser.param_groups[0]["lr"] = (
                        learning_rate * (1 + math.cos(math.pi * step / steps)) / 2
                    )
                inputs, labels = inputs.to(where), labels.to(where)
                with torch.autocast(where.type, torch.bfloat16, enabled=reduced):
                    logits = network(inputs)
                loss = nn.functional.cross_entropy(logits.float(), labels)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                optimiser.step()
                step += 1
                total += loss.item() * len(labels)
                right += (logits.argmax(1) == labels).sum().item()
                seen += len(labels)
                bar.update()
            if not math.isfinite(total):
                raise CourseError(
                    f"The loss is no number any more in epoch {epoch + 1}: "
                    "choose a lower learning rate."
                )
            result = evaluate(network, validation, precision=precision)
            history.train_loss.append(total / seen)
            history.train_accuracy.append(right / seen)
            history.validation_loss.append(result.loss)
            history.validation_accuracy.append(result.accuracy)
            history.learning_rate.append(optimiser.param_groups[0]["lr"])
            history.seconds.append(time.perf_counter() - started)
            bar.set_postfix(validation=f"{result.accuracy:.3f}")
            if result.loss < best_loss:
                best_loss, history.best_epoch = result.loss, epoch
                best = copy.deepcopy(network.state_dict())
            elif patience is not None and epoch - history.best_epoch >= patience:
                history.stopped_early = epoch + 1 < epochs
                break
    network.load_state_dict(best)
    network.eval()
    return history


def evaluate(network: nn.Module, batches: Iterable, *, precision: str = "auto") -> Evaluation:
    """The network's probabilities and loss on batches (inputs, labels). Nothing is trained."""
    where = _device_of(network)
    reduced = resolve(precision) == "bfloat16" and where.type != "mps" and _convolves(network)
    logits, labels = [], []
    training = network.training
    network.eval()
    computing = torch.autocast(where.type, torch.bfloat16, enabled=reduced)
    try:
        with torch.inference_mode(), computing, _threads(network):
            for inputs, part in batches:
                logits.append(network(inputs.to(where)).float().cpu().numpy())
                labels.append(np.asarray(part))
    finally:
        network.train(training)
    if not labels:
        raise CourseError("There is nothing to evaluate: the set of photographs is empty.")
    return evaluation(np.concatenate(logits), np.concatenate(labels))


def _convolves(network: nn.Module) -> bool:
    return any(isinstance(module, nn.modules.conv._ConvNd) for module in network.modules())


@contextmanager
def _threads(network: nn.Module) -> Iterator[None]:
    """A head alone computes in one thread: several would mostly wait for each other."""
    before = torch.get_num_threads()
    if not _convolves(network):
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
