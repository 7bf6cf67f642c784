"""Cost as work grows: `python growth.py FRAMEWORK PICTURES FOLDER` prints JSON.

FOLDER: drawn pictures, as `draw` left them. Each runs in a process of its own, so that its peak
memory is its own.
"""

import io
import json
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.data import PhotographSet, doctor, drawn
from helpers.results import peak_memory_mb


def draw(folder: Path, count: int, different: int = 50) -> None:
    """Write `count` JPEG files of different content; only so many of them are drawn anew."""
    folder.mkdir(parents=True, exist_ok=True)
    classes = {"cat": drawn.CAT_BREEDS, "dog": drawn.DOG_BREEDS}
    with tempfile.TemporaryDirectory() as drawings:
        paths = drawn.write(Path(drawings), classes, different // 2, size=400, progress=False)
        pictures = [np.asarray(Image.open(path)) for path, _ in paths]
    for i in range(count):
        picture = pictures[i % different].copy()
        picture[0, 0] = (i % 256, i // 256 % 256, 0)
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=90, comment=str(i).encode())
        (folder / f"{i:06}.jpg").write_bytes(file.getvalue())


def measure(framework: str, count: int, folder: Path) -> dict:
    networks = import_module(f"helpers.{framework}.networks")
    features = import_module(f"helpers.{framework}.features")
    paths = tuple(sorted(folder.glob("*.jpg"))[:count])
    some = PhotographSet(
        name="drawn",
        source="drawn",
        class_names=("any",),
        paths=paths,
        labels=(0,) * len(paths),
        digests=tuple(doctor.digest(path) for path in paths),
    )
    body = networks.backbone()
    with tempfile.TemporaryDirectory() as store:  # the network is compiled before the clock starts
        features.extract(body, some.subset(range(min(32, count))), folder=store, progress=False)
    started, processor = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as store:
        found = features.extract(body, some, folder=store, progress=False)
    return {
        "pictures": len(found),
        "milliseconds": 1000 * (time.perf_counter() - started) / count,
        "processor_milliseconds": 1000 * (time.process_time() - processor) / count,
        "memory_mb": peak_memory_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
