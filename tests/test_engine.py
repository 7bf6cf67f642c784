"""The engine answers as its model does, in order, and loses nothing when something breaks."""

import sys

import numpy as np
import pytest

from helpers.engine import Engine, engine, openvino
from helpers.errors import CourseError


def mean_colour():
    """An OpenVINO model: the mean of a picture's values, (b, h, w, 3) to (b, 3)."""
    opset = openvino().opset8
    pictures = opset.parameter([-1, 4, 4, 3], np.uint8)
    numbers = opset.convert(pictures, "f32")
    return openvino().Model([opset.reduce_mean(numbers, np.array([1, 2]))], [pictures])


def numbered(sizes):
    """Batches of pictures; each picture has one value of its own."""
    start = 0
    for size in sizes:
        values = np.arange(start, start + size, dtype=np.uint8)
        yield np.broadcast_to(values[:, None, None, None], (size, 4, 4, 3))
        start += size


def test_answers_keep_the_order_and_the_sizes():
    compiled = Engine(mean_colour(), "float32")
    for _ in range(2):
        found = list(compiled(numbered([5, 1, 7, 3, 3, 2])))
        assert [len(part) for part in found] == [5, 1, 7, 3, 3, 2]
        assert np.concatenate(found).tolist() == [[i] * 3 for i in range(21)]
    assert list(compiled([])) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, CourseError])
def test_what_was_finished_comes_before_the_error(error):
    def breaks():
        yield from numbered([2, 2, 2])
        raise error

    compiled, found = Engine(mean_colour(), "float32"), []
    with pytest.raises(error):
        for part in compiled(breaks()):
            found.append(part)
    assert np.concatenate(found)[:, 0].tolist() == list(range(6))


def test_who_stops_listening_can_start_again():
    compiled = Engine(mean_colour(), "float32")
    next(compiled(numbered([2] * 9)))
    assert len(list(compiled(numbered([2] * 9)))) == 9


def test_the_same_network_is_converted_once_as_long_as_its_weights_stay():
    class Network:
        pass

    def convert():
        asked.append(1)
        return mean_colour()

    asked, one, other = [], Network(), Network()
    first = engine(one, "weights", "float32", convert)
    assert engine(one, "weights", "float32", convert) is first and len(asked) == 1
    for network, key, precision in (
        (one, "others", "float32"),
        (one, "others", "bfloat16"),
        (other, "others", "bfloat16"),
    ):
        assert engine(network, key, precision, convert) is not first
    assert len(asked) == 4


def test_without_the_engine_the_framework_has_to_answer(monkeypatch):
    def unknown_layer():
        raise RuntimeError("no conversion rule")

    assert engine(unknown_layer, "weights", "float32", unknown_layer) is None
    for name in [name for name in sys.modules if name.split(".")[0] == "openvino"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert engine(mean_colour, "weights", "float32", mean_colour) is None


def test_nobody_is_told_what_is_converted():
    openvino()
    assert "openvino_telemetry" not in sys.modules
    telemetry = sys.modules["openvino.tools.ovc.telemetry_utils"].tm
    assert telemetry.__name__.endswith("telemetry_stub")
