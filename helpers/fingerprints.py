"""A network's weights as a short text, whatever framework holds them."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np


def fingerprint_arrays(arrays: Iterable[np.ndarray], numbers: Sequence[float] = ()) -> str:
    """Sixteen hexadecimal digits that change with any value, not with the order of the axes.

    arrays: float32 weights in any order; PyTorch and Keras store the same kernel with other axes,
    so each array counts by sums over its bits, which are exact and do not depend on layout.
    numbers: constants that belong to the network, such as its preprocessing.
    """
    parts = []
    for array in arrays:
        bits = np.ascontiguousarray(array, dtype=np.float32).view(np.uint32).astype(np.uint64)
        spread = bits * np.uint64(0x9E3779B97F4A7C15)
        parts.append(f"{bits.size} {bits.sum()} {(spread ^ (spread >> np.uint64(29))).sum()}")
    text = "\n".join([*sorted(parts), *(f"{number:.6f}" for number in numbers)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
