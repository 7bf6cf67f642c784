"""Features that are means over several views of each photograph: crops and mirror images."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from helpers.data import PhotographSet
from helpers.data.decoding import batches
from helpers.precision import resolve
from helpers.store import FeatureStore, stored_features


def averaged(
    backbone,
    photographs: PhotographSet,
    forward: Callable,
    fingerprint: str,
    *,
    crops: Sequence[float] = (1.0,),
    precision: str = "auto",
    folder=None,
) -> np.ndarray:
    """The mean of the features over all views, scaled to length one: float32 (n, d).

    A view is the central square of one of `crops`, as it is or mirrored. backbone, forward,
    fingerprint: the network, how it is asked (`features.forward`) and what
    `networks.fingerprint` says of it, in either framework. What was computed before is read from
    disk, see `helpers.store`.
    """
    info, precision = backbone.info, resolve(precision)
    kind = hashlib.blake2b(repr(sorted(crops)).encode(), digest_size=4).hexdigest()
    key = f"{info.name}-{fingerprint}-{info.size}-views{kind}-{precision}"

    def compute(missing: list[int]) -> Iterator[np.ndarray]:
        paths = [photographs.paths[i] for i in missing]
        seen = zip(*(_both(backbone, forward, paths, c, precision) for c in crops), strict=True)
        for parts in seen:
            mean = np.mean(parts, axis=0, dtype=np.float64)
            yield (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)

    return stored_features(FeatureStore(key, info.features, folder), photographs.digests, compute)


def _both(backbone, forward, paths, crop: float, precision: str) -> Iterator[np.ndarray]:
    """For each batch of photographs the mean over the picture and its mirror image."""

    def pictures() -> Iterator[np.ndarray]:
        for batch in batches(paths, backbone.info.size, crop):
            yield batch
            yield np.ascontiguousarray(batch[:, :, ::-1])

    answers = forward(backbone, pictures(), precision)
    for plain in answers:
        yield (plain + next(answers)) / 2
