"""`python -m helpers.parity`: are the twins equal?

Both frameworks look at the same photographs through the same weights (EfficientNet-Lite0, in
float32), each in a process of its own, and their answers are laid side by side. The exit code is 1
where they differ by more than rounding explains, 2 where the report cannot be made.
"""

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from helpers.data import PhotographSet, load
from helpers.data.decoding import batches
from helpers.errors import CourseError
from helpers.evaluation import cosine

FRAMEWORKS = ("pytorch", "tensorflow")
FILE = Path(__file__).with_name("parity.json")
EPOCHS = 20
"""How long the head is trained on frozen features."""


@dataclass(frozen=True)
class Parity:
    """How far the frameworks are from each other.

    photographs: how many. source: "photographs", "mirror" or "drawn". logit_difference: the
    largest between two of the 1000 logits. top1_agreement: fraction of photographs with the same
    most probable class. cosine_smallest, cosine_mean: between features of the same photograph.
    tested: size of the test set. accuracy: on it, of a classifier on frozen features, by
    framework. seconds: by framework and step. failures: a sentence for each exceeded tolerance.
    """

    photographs: int
    source: str
    logit_difference: float
    top1_agreement: float
    cosine_smallest: float
    cosine_mean: float
    tested: int
    accuracy: dict[str, float]
    seconds: dict[str, dict[str, float]]
    failures: tuple[str, ...]


def compare(photographs: PhotographSet, tolerance: float = 1e-3, perturb: float = 0.0) -> Parity:
    """Let both frameworks look at the photographs.

    tolerance: how far two logits may differ. Besides, the most probable classes must be equal,
    the cosines 1 but for `tolerance`, and the accuracies within 0.01 or one photograph. perturb:
    TensorFlow's weights are multiplied by 1 + perturb, to see the report fail.

    Raises CourseError where a framework does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        one, other = (_ask(name, photographs, perturb, Path(folder)) for name in FRAMEWORKS)
    difference = float(np.abs(one["logits"] - other["logits"]).max())
    agreement = float((one["logits"].argmax(1) == other["logits"].argmax(1)).mean())
    cosines = cosine(one["features"], other["features"])
    apart = abs(one["accuracy"] - other["accuracy"])
    failures = []
    if not difference <= tolerance:
        failures.append(f"Two logits differ by {difference:.2g}, more than {tolerance:g}.")
    if agreement < 1:
        failures.append("The most probable class is not the same for every photograph.")
    if not cosines.min() >= 1 - tolerance:
        failures.append(f"Two features have a cosine of {cosines.min():.5f} only.")
    if apart > max(0.01, 1 / one["tested"]) + 1e-9:
        failures.append(f"The accuracies are {apart:.3f} apart.")
    return Parity(
        photographs=len(photographs),
        source=photographs.source,
        logit_difference=difference,
        top1_agreement=agreement,
        cosine_smallest=float(cosines.min()),
        cosine_mean=float(cosines.mean()),
        tested=one["tested"],
        accuracy={n: p["accuracy"] for n, p in zip(FRAMEWORKS, (one, other), strict=True)},
        seconds={n: p["seconds"] for n, p in zip(FRAMEWORKS, (one, other), strict=True)},
        failures=tuple(failures),
    )


def stored() -> Parity:
    """The report that `--store` kept, for the notebooks to quote."""
    return Parity(**json.loads(FILE.read_text(encoding="utf-8")))


def table(parity: Parity) -> str:
    """The report for people."""
    kind = "drawn stand-ins" if parity.source == "drawn" else "photographs"
    lines = [
        f"EfficientNet-Lite0, float32, {parity.photographs} {kind}",
        f"{'':28}{'pytorch':>12}{'tensorflow':>12}",
        f"{'largest logit difference':28}{parity.logit_difference:>24.2e}",
        f"{'same most probable class':28}{parity.top1_agreement:>24.1%}",
        f"{'cosine of features, smallest':28}{parity.cosine_smallest:>24.6f}",
        f"{'cosine of features, mean':28}{parity.cosine_mean:>24.6f}",
    ]
    rows = {f"accuracy, {parity.tested} for the test": (parity.accuracy, ".3f")}
    for step in parity.seconds[FRAMEWORKS[0]]:
        rows[f"seconds: {step}"] = ({n: parity.seconds[n][step] for n in FRAMEWORKS}, ".2f")
    for name, (values, form) in rows.items():
        lines.append(f"{name:28}" + "".join(f"{values[n]:>12{form}}" for n in FRAMEWORKS))
    return "\n".join([*lines, "", *(parity.failures or ("The twins are equal.",))])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; `arguments` without the program's name. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.parity", description=__doc__)
    parser.add_argument("--photographs", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--source", default="auto", help="auto, photographs or drawn")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="of logits (default: 0.001)")
    parser.add_argument("--perturb", type=float, default=0.0, help="spoil TensorFlow's weights")
    parser.add_argument("--store", action="store_true", help="keep it for the notebooks")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.photographs < 20:
            raise CourseError("Fewer than 20 photographs leave nothing to test on: ask for more.")
        photographs = load(source=chosen.source, per_class=chosen.photographs // 2, progress=False)
        parity = compare(photographs, chosen.tolerance, chosen.perturb)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    report = json.dumps(asdict(parity), indent=2)
    if chosen.store:
        FILE.write_text(report + "\n", encoding="utf-8")
    print(report if chosen.json else table(parity))
    return 1 if parity.failures else 0


def _ask(framework: str, photographs: PhotographSet, perturb: float, folder: Path) -> dict:
    """What one framework finds, in a new process."""
    question, answer = folder / "question", folder / "answer"
    question.write_bytes(pickle.dumps((photographs, perturb)))
    program = f"import helpers.parity as p; p._answer({framework!r}, {str(folder)!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise CourseError(
            f"helpers.{framework} does not run here ({why}): install requirements.txt again."
        )
    return pickle.loads(answer.read_bytes())


def _answer(framework: str, folder: str) -> None:
    """The child's part: look, train a head, write what was found."""
    photographs, perturb = pickle.loads((Path(folder) / "question").read_bytes())
    seconds: dict[str, float] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        seconds[step] = time.perf_counter() - started

    def room(name: str):
        return import_module(f"helpers.{framework}.{name}")

    with timed("start"):
        networks, loading, training = room("networks"), room("loading"), room("training")
        features = room("features")
        network = networks.load()
        info = networks.info_of(network)
    if perturb and framework == "tensorflow":
        network.set_weights([weight * (1 + perturb) for weight in network.get_weights()])
    with timed("logits"):
        decoded = batches(photographs.paths, info.size, info.crop)
        logits = np.concatenate(list(features.forward(network, decoded, "float32")))
    split = photographs.split()
    with timed("features"):
        parts = (split.train, split.validation, split.test)
        body, where = networks.backbone_of(network), Path(folder) / framework
        about = {"precision": "float32", "folder": where, "progress": False}
        matrices = [features.extract(body, part, **about) for part in parts]
        found = features.extract(body, photographs, **about)
    train, validation, test = (
        loading.feature_batches(matrix, part.labels, shuffle=part is split.train)
        for matrix, part in zip(matrices, parts, strict=True)
    )
    head = networks.head_of(networks.classifier(body, len(photographs.class_names)))
    with timed("training a head"):
        training.fit(head, train, validation, epochs=EPOCHS, progress=False)
    accuracy = training.evaluate(head, test).accuracy
    answer = {"logits": logits, "features": found, "accuracy": accuracy, "seconds": seconds}
    (Path(folder) / "answer").write_bytes(pickle.dumps({**answer, "tested": len(split.test)}))


if __name__ == "__main__":
    sys.exit(main())
