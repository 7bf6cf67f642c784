"""Reads PyTorch's weights files without PyTorch, and without running anything a file says.

The bundled weights are in the form PyTorch wrote before version 1.6: a few pickles (magic number,
version, byte order, the tensors' names and shapes, the storages' keys) and then the raw numbers.
A pickle can name any function to be called; here three harmless names are known and all others
are refused.
"""

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np

from helpers.errors import CourseError

_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def read(path: str | Path) -> dict[str, np.ndarray]:
    """The tensors of a `.pth` file by name, in the order of the file.

    Raises CourseError for a file that is not a plain dictionary of tensors in that old form.
    """
    try:
        with open(path, "rb") as file:
            storages: dict[str, np.ndarray] = {}
            start = [_Unpickler(file, storages).load() for _ in range(3)]
            if start[:2] != [_MAGIC, _VERSION] or not start[2]["little_endian"]:
                raise pickle.UnpicklingError("another version")
            tensors = _Unpickler(file, storages).load()
            for key in _Unpickler(file, storages).load():
                numbers = storages[key]
                if int.from_bytes(file.read(8), "little") != numbers.size:
                    raise pickle.UnpicklingError("sizes disagree")
                if file.readinto(memoryview(numbers).cast("B")) != numbers.nbytes:
                    raise pickle.UnpicklingError("cut short")
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}): name a .pth file.") from None
    except Exception as error:  # damaged pickles raise many kinds
        raise CourseError(
            f"{path} is not a weights file that the course reads ({str(error)[:80]}): "
            "install the package it came with again."
        ) from None
    if not all(isinstance(tensor, np.ndarray) for tensor in tensors.values()):
        raise CourseError(f"{path} holds more than tensors: name a file of weights alone.")
    return dict(tensors)


class _Unpickler(pickle.Unpickler):
    """Builds ordered dictionaries and arrays; a storage's numbers are filled in later."""

    def __init__(self, file, storages: dict[str, np.ndarray]):
        super().__init__(file, encoding="utf-8")
        self.storages = storages

    def find_class(self, module: str, name: str):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"it wants to call {module}.{name}")

    def persistent_load(self, about):
        kind, dtype, key, _device, size, *_ = about
        if kind != "storage" or dtype not in _STORAGES.values():
            raise pickle.UnpicklingError("unknown storage")
        return self.storages.setdefault(key, np.zeros(size, dtype))


def _tensor(storage, offset, shape, strides, *_unused) -> np.ndarray:
    """A view of the storage; one that reached beyond it is refused by NumPy."""
    step = storage.itemsize
    return np.ndarray(
        shape, storage.dtype, storage, offset * step, tuple(stride * step for stride in strides)
    )
