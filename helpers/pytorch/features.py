"""Photographs to a feature matrix, each photograph once."""

import copy
import time
import warnings
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers.data import PhotographSet
from helpers.data.decoding import batches
from helpers.engine import Engine, engine, openvino
from helpers.fingerprints import fingerprint_arrays
from helpers.precision import resolve
from helpers.pytorch.loading import to_numpy
from helpers.pytorch.networks import Backbone, _device_of, fingerprint
from helpers.store import FeatureStore, stored_features


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
    network: nn.Module, batches: Iterable, *, precision: str = "auto"
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


def speed(network: nn.Module, batches: Iterable[np.ndarray], precision: str = "auto") -> float:
    """How many pictures a second the network handles, as `extract` lets it work.

    batches: two or more, as in `forward`. The first one, which warms everything up, is not counted.
    """
    stream = _many(network, batches, precision)
    next(stream)
    started = time.perf_counter()
    return sum(map(len, stream)) / (time.perf_counter() - started)


def forward(
    network: nn.Module, batches: Iterable[np.ndarray], precision: str = "auto"
) -> Iterator[np.ndarray]:
    """What a network or backbone says of uint8 batches (b, h, w, 3): float32 (b, d) for each.

    Nothing is trained: evaluation mode, no gradients.
    """
    where = _device_of(network)
    reduced = resolve(precision) == "bfloat16" and where.type != "mps"
    training = network.training
    network.eval()
    try:
        for pictures in batches:
            with (
                torch.inference_mode(),
                torch.autocast(where.type, torch.bfloat16, enabled=reduced),
            ):
                x = torch.from_numpy(pictures).to(where).permute(0, 3, 1, 2).float() / 255
                found = network(x).float().cpu().numpy()
            yield found
    finally:
        network.train(training)


def _many(
    network: nn.Module, batches: Iterable[np.ndarray], precision: str = "auto"
) -> Iterator[np.ndarray]:
    """As `forward`, made for many pictures: on a processor the network is compiled first, which
    takes most of a second (`helpers.engine`)."""
    stream, precision = iter(batches), resolve(precision)
    for first in stream:
        compiled, stream = _engine(network, first.shape[1:], precision), chain([first], stream)
        yield from compiled(stream) if compiled else forward(network, stream, precision)


def _engine(network: nn.Module, shape, precision: str) -> Engine | None:
    """The network, from uint8 pictures of one shape (h, w, 3) on; None on a graphics card.

    None also without batch normalisation: there is little to merge, and VGG's large weights would
    be in memory several times.
    """
    merges = any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    if not merges or _device_of(network).type != "cpu":
        return None
    weights = fingerprint_arrays(v.detach().numpy() for v in network.state_dict().values())

    def convert():
        frozen = copy.deepcopy(network).eval().requires_grad_(False)
        example = torch.zeros((1, *shape), dtype=torch.uint8)

        def answer(pictures):  # its weights are constants: quicker to trace than a module
            return frozen(pictures.permute(0, 3, 1, 2).float() / 255)

        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what depends on the pictures' size
            traced = torch.jit.trace(answer, example, check_trace=False)
            return openvino().convert_model(traced, example_input=example, input=[-1, *shape])

    return engine(network, f"{weights}-{shape}", precision, convert)
