"""What is measured, in a process of its own: it waits for a name, runs that, says how long it took.

The framework stays loaded between repetitions, and the two frameworks' repetitions can take turns.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path

from helpers.data import PhotographSet, load


def photographs(count: int) -> PhotographSet:
    """The first photographs of cats vs dogs, half of each, in mixed order."""
    with redirect_stdout(sys.stderr):  # where stand-ins have to be drawn, it says so
        return load("cats-vs-dogs", per_class=count // 2, progress=False).shuffled(0)


def class_folders(some: PhotographSet) -> Path:
    """The same photographs as one folder a class, as tutorials want them."""
    folder = Path(tempfile.mkdtemp())
    for i, (path, label) in enumerate(zip(some.paths, some.labels, strict=True)):
        inside = folder / some.class_names[label]
        inside.mkdir(exist_ok=True)
        shutil.copy(path, inside / f"{i:06}{path.suffix}")
    return folder


def serve(
    contenders: Mapping[str, Callable[[], dict | None]], prepare: Mapping[str, Callable]
) -> None:
    """Answer each line of the input, a name, with one line of JSON.

    A contender returns what else there is to say about it, such as an accuracy. prepare: what is
    done before the clock starts.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not stand among the answers
    print(json.dumps(list(contenders)), file=answers, flush=True)
    for line in sys.stdin:
        prepare.get(line.strip(), lambda: None)()
        wall, processor = time.perf_counter(), time.process_time()
        said = contenders[line.strip()]() or {}
        said["seconds"] = time.perf_counter() - wall
        said["processor_seconds"] = time.process_time() - processor
        print(json.dumps(said), file=answers, flush=True)
