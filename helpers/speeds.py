"""`python -m helpers.speeds`: how fast is each network on this machine?

Forwards only, pictures in memory. Each framework runs in a process of its own. The weights are
random ones, which are as fast as others, so nothing has to be downloaded. `--store` keeps what was
measured in `speeds.json`, from where the notebooks and the lesson page take it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

from helpers import plotting
from helpers.catalogue import NETWORKS
from helpers.data.decoding import threads
from helpers.errors import CourseError

FILE = Path(__file__).with_name("speeds.json")
FRAMEWORKS = ("pytorch", "tensorflow")
BATCHES = 5
"""How many batches each network is given; the first one is not counted."""
TRIES = 3
"""The best of so many counts: other programs can only make it slower."""


def stored() -> dict:
    """What was measured last: machine (words), cores, networks (name to framework to pictures a
    second)."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def rows(measured: dict | None = None) -> list[dict]:
    """The catalogue with the speeds, one row a network, the smallest weights file first.

    parameters in millions, weights in megabytes, the published ImageNet accuracy in percent,
    pictures a second.
    """
    speeds = (measured or stored())["networks"]
    chosen = sorted((NETWORKS[name] for name in speeds), key=lambda info: info.megabytes)
    return [
        {
            "network": info.title,
            "name": info.name,
            "parameters (millions)": round(info.parameters / 1e6, 1),
            "weights (MB)": info.megabytes,
            "ImageNet top-1 (%)": info.top1,
            "pictures a second, PyTorch": round(speeds[info.name]["pytorch"]),
            "pictures a second, TensorFlow": round(speeds[info.name]["tensorflow"]),
        }
        for info in chosen
    ]


def table(measured: dict | None = None) -> plotting.Table:
    """`rows` as a table that says which machine was measured; what was stored if nothing is
    given."""
    measured = measured or stored()
    return plotting.table(
        rows(measured), f"Networks, measured on {measured['machine']}, {measured['cores']} cores"
    )


def measure(names: Sequence[str] = tuple(NETWORKS), batch_size: int = 8) -> dict:
    """Measure the networks called `names`, in both frameworks. Returns the same as `stored`.

    Raises CourseError for an unknown network, and where a framework does not run.
    """
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for framework in FRAMEWORKS:
        program = (
            f"import helpers.speeds as s; s._measure({framework!r}, {list(names)!r}, {batch_size})"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise CourseError(f"The speed of {framework} cannot be measured: {why}")
        for name, value in json.loads(done.stdout.splitlines()[-1]).items():
            found[name][framework] = value
    return {"machine": _machine(), "cores": threads(), "networks": found}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; `arguments` without the program's name. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.speeds", description=__doc__)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS), help="default: all")
    parser.add_argument("--store", action="store_true", help="keep it for the notebooks")
    chosen = parser.parse_args(arguments)
    try:
        measured = measure(chosen.networks)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print(table(measured))
    if chosen.store:
        FILE.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    return 0


def _measure(framework: str, names: list[str], batch_size: int) -> None:
    """The child's part: prints JSON."""
    networks = import_module(f"helpers.{framework}.networks")
    features = import_module(f"helpers.{framework}.features")
    found = {}
    for name in names:
        body = networks.backbone(name, pretrained=False)
        size = networks.info_of(body).size
        picture = np.random.default_rng(0).integers(0, 256, (batch_size, size, size, 3), np.uint8)
        found[name] = max(features.speed(body, [picture] * BATCHES) for _ in range(TRIES))
    print(json.dumps(found))


def _machine() -> str:
    """What kind of processor this is, in words."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration, IndexError):
        return platform.processor() or platform.machine() or os.name


if __name__ == "__main__":
    sys.exit(main())
