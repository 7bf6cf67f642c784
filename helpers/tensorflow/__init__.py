"""The course's helpers for TensorFlow. `helpers.pytorch` is the twin.

Importing anything from here starts TensorFlow quietly. Set `TF_CPP_MIN_LOG_LEVEL=0` to see all it
says.
"""

import os
import sys


def _start_quietly() -> None:
    """Import TensorFlow without its notices about processors and missing graphics cards.

    They come from C++ before any setting is read, so the error stream itself is turned off.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if "tensorflow" in sys.modules or "TF_CPP_MIN_LOG_LEVEL" in os.environ:
        return
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    sys.stderr.flush()
    shown = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import tensorflow

        tensorflow.config.list_physical_devices()
        tensorflow.get_logger().setLevel("ERROR")  # else: a warning for each third graph
    finally:
        os.dup2(shown, 2)
        os.close(shown)
        os.close(nowhere)


_start_quietly()
