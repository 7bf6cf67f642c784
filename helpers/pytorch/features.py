"""Photographs to a feature matrix, each photograph once."""

from collections.abc import Iterator

import numpy as np
import torch
from tqdm.auto import tqdm

from helpers.data import PhotographSet
from helpers.data.decoding import batches
from helpers.precision import resolve
from helpers.pytorch.networks import Backbone, _device_of, fingerprint
from helpers.store import FeatureStore, stored_features


def extract(
    backbone: Backbone,
    photographs: PhotographSet,
    *,
    precision: str = "auto",
    batch_size: int = 32,
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
        paths = [photographs.paths[i] for i in missing]
        with tqdm(desc="Features", total=len(paths), unit="photo", disable=not progress) as bar:
            for pictures in batches(paths, info.size, info.crop, batch_size):
                yield forward(backbone, pictures, precision)
                bar.update(len(pictures))

    return stored_features(FeatureStore(key, info.features, folder), photographs.digests, compute)


def forward(network: torch.nn.Module, pictures: np.ndarray, precision: str = "auto") -> np.ndarray:
    """What a network or backbone says of uint8 pictures (b, h, w, 3): float32 (b, d).

    Nothing is trained: evaluation mode, no gradients.
    """
    where = _device_of(network)
    reduced = resolve(precision) == "bfloat16" and where.type != "mps"
    training = network.training
    network.eval()
    try:
        with torch.inference_mode(), torch.autocast(where.type, torch.bfloat16, enabled=reduced):
            x = torch.from_numpy(pictures).to(where).permute(0, 3, 1, 2).float() / 255
            return network(x).float().cpu().numpy()
    finally:
        network.train(training)
