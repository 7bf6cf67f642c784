"""A frozen network, compiled for this machine's processor by OpenVINO.

Frameworks are made for training. A network that only answers runs two to three times as fast in an
engine that merges its layers, with the same answers. Graphics cards do not need it.
"""

import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from helpers.errors import CourseError

_HINTS = {"float32": "f32", "bfloat16": "bf16"}
_last: list = []  # of the engine made last: the network (a weak reference), key, engine


class Engine:
    """Calls of it take uint8 batches (b, h, w, 3) and yield float32 (b, ...) for each, in order.

    model: an OpenVINO model with the weights in it. precision: "float32" or "bfloat16".
    """

    def __init__(self, model, precision: str):
        hints = {"INFERENCE_PRECISION_HINT": _HINTS[precision], "PERFORMANCE_HINT": "THROUGHPUT"}
        compiled = openvino().Core().compile_model(model, "CPU", hints)
        count = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self.requests = [compiled.create_infer_request() for _ in range(count)]

    def __call__(self, batches: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Several batches are under way at once; what is finished is also yielded before an error
        in `batches` goes on."""
        free, busy = list(self.requests), deque()

        def oldest() -> np.ndarray:
            request, _ = busy[0]
            request.wait()
            free.append(busy.popleft()[0])
            return request.get_output_tensor(0).data.astype(np.float32)

        try:
            try:
                for pictures in batches:
                    pictures = np.ascontiguousarray(pictures)
                    free[-1].start_async([pictures], share_inputs=True)
                    busy.append((free.pop(), pictures))  # which must live as long as it is read
                    if not free:
                        yield oldest()
            except (CourseError, KeyboardInterrupt):
                while busy:
                    yield oldest()
                raise
            while busy:
                yield oldest()
        finally:
            for request, _ in busy:
                request.wait()


def engine(network, key: str, precision: str, convert: Callable[[], object]) -> Engine | None:
    """The engine of a network; the one made last is kept for as long as the network lives.

    key: changes with the network's weights and the size of its pictures. convert: returns the
    OpenVINO model. None where OpenVINO is not installed, or does not know a layer of the network:
    then the framework itself has to answer.
    """
    key = f"{key}-{precision}"
    if _last and _last[0]() is network and _last[1] == key:
        return _last[2]
    _last.clear()
    try:
        made = Engine(convert(), precision)
    except (ImportError, RuntimeError, TypeError, AttributeError):
        return None
    _last[:] = weakref.ref(network, lambda _: _last.clear()), key, made
    return made


def openvino():
    """The package, without the reports that it would send to its makers at each conversion."""
    missing = object()
    before = sys.modules.get("openvino_telemetry", missing)
    sys.modules["openvino_telemetry"] = None
    try:
        import openvino
        import openvino.tools.ovc
    finally:
        if before is missing:
            del sys.modules["openvino_telemetry"]
        else:
            sys.modules["openvino_telemetry"] = before
    return openvino
