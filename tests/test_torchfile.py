"""PyTorch's weights, read without PyTorch: what a package ships, and what a stranger might."""

import io
import os
import pickle

import numpy as np
import pytest

from helpers import torchfile
from helpers.catalogue import DEFAULT, NETWORKS, bundled_weights
from helpers.errors import CourseError


class Payload:
    """When it is unpickled, a folder appears."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self.mark,)


def pickled(*things) -> bytes:
    return b"".join(pickle.dumps(thing, protocol=2) for thing in things)


def test_the_bundled_weights_are_read():
    tensors = torchfile.read(bundled_weights(NETWORKS[DEFAULT]))
    assert sum(name.endswith(".weight") for name in tensors) > 90
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())
    assert max(tensor.size for tensor in tensors.values()) == 1280 * 1000


def test_a_file_that_wants_to_run_something_is_refused(tmp_path, faults):
    mark, path = tmp_path / "it ran", tmp_path / "weights.pth"
    start = (torchfile._MAGIC, torchfile._VERSION, {"little_endian": True})
    whole = bundled_weights(NETWORKS[DEFAULT]).read_bytes()
    files = {
        "at the start": pickled(Payload(mark)),
        "among the tensors": pickled(*start, {"x": Payload(mark)}),
        "instead of the keys": pickled(*start, {}, Payload(mark)),
        "a harmless name, but another": pickled(*start, {"x": np.float32}),
        "no tensor": pickled(*start, {"x": 7}, []),
        "another version": pickled(torchfile._MAGIC, 7, {"little_endian": True}),
        "cut among the numbers": whole[: len(whole) // 2],
        "cut among the names": whole[:2000],
        "text": b"<html>404</html>",
        "nothing": b"",
    }
    for kind, content in files.items():
        with faults.one(kind):
            path.write_bytes(content)
            with pytest.raises(CourseError, match="weights") as caught:
                torchfile.read(path)
            assert str(path) in str(caught.value) and "\n" not in str(caught.value)
            assert not mark.exists(), "the payload ran"
    pickle.load(io.BytesIO(files["at the start"]))
    assert mark.exists(), "the payload would have run"
