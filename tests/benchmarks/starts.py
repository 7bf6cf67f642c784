"""How long it takes until a first useful cell has run: `python starts.py WHAT` prints JSON.

WHAT: `neutral`, the rooms without a framework; or a notebook: its kernel starts and its cells run
up to the first that shows something.
"""

import json
import os
import sys
import time
from pathlib import Path

started = time.perf_counter()

if sys.argv[1] == "neutral":
    from helpers import catalogue, data, evaluation, plotting, results  # noqa: F401
else:
    from nbclient import NotebookClient

    from helpers import lessons

    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    path = Path(sys.argv[1])
    notebook = lessons.read(path)
    client = NotebookClient(notebook, resources={"metadata": {"path": path.parent}})
    started = time.perf_counter()
    with client.setup_kernel():
        for i, cell in enumerate(notebook.cells):
            if client.execute_cell(cell, i).get("outputs"):
                break

print(json.dumps({"seconds": time.perf_counter() - started}))
