"""How long it takes until a first useful cell has run: `python starts.py FRAMEWORK` prints JSON.

The cell imports the framework, loads the default network and asks it about one picture.
"""

import json
import sys
import time

started = time.perf_counter()

if sys.argv[1] == "neutral":
    from helpers import catalogue, data, evaluation, plotting, results  # noqa: F401
else:
    from importlib import import_module

    import numpy as np

    networks = import_module(f"helpers.{sys.argv[1]}.networks")
    loading = import_module(f"helpers.{sys.argv[1]}.loading")
    networks.load()(loading.from_numpy(np.zeros((224, 224, 3), np.uint8)))

print(json.dumps({"seconds": time.perf_counter() - started}))
