"""Decoded photographs to batches for PyTorch."""

from collections.abc import Callable

import numpy as np
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from helpers.catalogue import NetworkInfo
from helpers.data import PhotographSet
from helpers.data.decoding import as_float, decode_many

MOST_BYTES_KEPT = 512 * 2**20
"""Decoded pictures up to this size stay in memory; more are decoded again in each epoch."""


class Pictures(Dataset):
    """Photographs as (picture, label): uint8 (3, size, size) and int.

    augment: applied to each picture, a new draw each time; None leaves them as they are.
    """

    def __init__(self, photographs: PhotographSet, info: NetworkInfo, augment=None):
        self.photographs, self.info, self.augment = photographs, info, augment
        fits = len(photographs) * info.size**2 * 3 <= MOST_BYTES_KEPT
        self.kept = decode_many(photographs.paths, info.size, info.crop) if fits else None

    def __len__(self) -> int:
        return len(self.photographs)

    def __getitem__(self, i: int):
        return self.__getitems__([i])[0]

    def __getitems__(self, positions: list[int]) -> list:
        if self.kept is not None:
            pictures = self.kept[positions]
        else:
            paths = [self.photographs.paths[i] for i in positions]
            pictures = decode_many(paths, self.info.size, self.info.crop)
        tensors = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        if self.augment is not None:
            tensors = [self.augment(tensor) for tensor in tensors]
        return [(t, self.photographs.labels[i]) for t, i in zip(tensors, positions, strict=True)]


def picture_batches(
    photographs: PhotographSet,
    info: NetworkInfo,
    *,
    batch_size: int = 32,
    augment: Callable | None = None,
    shuffle: bool = False,
    seed: int = 0,
) -> DataLoader:
    """Batches (pictures, labels): float32 (b, 3, size, size) in [0, 1], int64 (b,).

    augment: takes and returns one uint8 picture (3, size, size), such as a torchvision
    transform. shuffle: a new order each epoch, the same for the same seed.
    """
    return DataLoader(
        Pictures(photographs, info, augment),
        batch_size,
        shuffle=shuffle,
        generator=torch.Generator().manual_seed(seed),
        collate_fn=_collate,
    )


def feature_batches(
    features: np.ndarray,
    labels,
    *,
    batch_size: int = 32,
    shuffle: bool = False,
    seed: int = 0,
) -> DataLoader:
    """Batches (features, labels): float32 (b, d), int64 (b,) from a matrix (n, d)."""
    data = TensorDataset(torch.as_tensor(features), torch.as_tensor(np.asarray(labels, np.int64)))
    generator = torch.Generator().manual_seed(seed)
    rows = RandomSampler(data, generator=generator) if shuffle else SequentialSampler(data)
    whole_batches = BatchSampler(rows, batch_size, drop_last=False)  # not row by row: much faster
    return DataLoader(data, sampler=whole_batches, batch_size=None)


def pictures(photographs: PhotographSet, info: NetworkInfo) -> torch.Tensor:
    """All photographs as one tensor: float32 (n, 3, size, size) in [0, 1]."""
    return from_numpy(as_float(decode_many(photographs.paths, info.size, info.crop)))


def from_numpy(pictures: np.ndarray) -> torch.Tensor:
    """Pictures (n, h, w, 3) or one (h, w, 3), uint8 or float, as float32 (n, 3, h, w) in [0, 1]."""
    pictures = pictures if pictures.ndim == 4 else pictures[None]
    pictures = as_float(pictures) if pictures.dtype == np.uint8 else pictures.astype(np.float32)
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def to_numpy(pictures: torch.Tensor) -> np.ndarray:
    """Pictures (n, 3, h, w) as NumPy float32 (n, h, w, 3)."""
    return pictures.detach().float().cpu().permute(0, 2, 3, 1).numpy().copy()


def _collate(items: list) -> tuple[torch.Tensor, torch.Tensor]:
    pictures = torch.stack([picture for picture, _ in items])
    if pictures.dtype == torch.uint8:
        pictures = pictures.float() / 255
    return pictures.contiguous(memory_format=torch.channels_last), torch.tensor(
        [label for _, label in items]
    )
