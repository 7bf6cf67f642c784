"""`./run figures`: make the pages' figures and numbers again.

Figures and results come from executed notebooks: from `--executed FOLDER` (copies that `./run
execute -o` wrote), or from notebooks executed now. Numbers may come from photographs; a figure that
shows pictures comes only from pictures that may be published: the notebooks stored in the
repository, which are executed without photographs.
"""

import argparse
import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers import figures, pages, results, speeds
from helpers.catalogue import NETWORKS
from helpers.commands import bench
from helpers.commands.execute import execute
from helpers.errors import CourseError
from helpers.files import replacing

FOLDER = pages.NOTEBOOKS / "figures"
LESSON, ADVERSARIAL = "TransferLearningPyTorch.ipynb", "AdversarialCatPyTorch.ipynb"
SHOWN = {
    LESSON: ("activations",),
    ADVERSARIAL: ("ideal_recipes", "ideal_steps", "ideal_cat_and_zebra", "adversarial_dog"),
}
"""Figures that show pictures: the notebook, and the cells tagged `figure-NAME`."""
MEASURED = (
    *("TransferLearningPyTorch", "TransferLearningTF", "AdversarialCatPyTorch"),
    *("AdversarialCatTF", "TrainingTricksPyTorch", "TrainingTricksTF"),
)
"""Notebooks whose stored runs say how much memory they took."""


def main(arguments: Sequence[str]) -> int:
    """Make all figures, `results.json` and the numbers in the pages. Returns the exit code."""
    options = argparse.ArgumentParser(prog="./run figures", description=__doc__)
    options.add_argument(
        "--executed", type=Path, help="a folder with executed copies of the notebooks"
    )
    asked = options.parse_args(arguments)
    executed = {}
    for name in (LESSON, ADVERSARIAL):
        given = asked.executed / name if asked.executed else None
        if given and not given.is_file():
            raise CourseError(f"{given} is missing: execute {name}, or leave --executed out.")
        executed[name] = given or execute(pages.NOTEBOOKS / name, {})
    stored = collected(*(results.read(executed[name]) for name in (LESSON, ADVERSARIAL)))
    made = drawings(executed[LESSON])
    FOLDER.mkdir(exist_ok=True)
    for name, png in made.items():
        with replacing(FOLDER / f"{name}.png") as temporary:
            temporary.write_bytes(png)
    with replacing(pages.RESULTS) as temporary:
        text = json.dumps(stored, indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")
    pages.main()
    print(f"{len(made)} figures in {FOLDER}, results in {pages.RESULTS}")
    return 0


def drawings(lesson: Path) -> dict[str, bytes]:
    """All figures as PNG, by name. lesson: the executed notebook whose challenge is shown."""
    measured = speeds.stored()
    made = {
        "idea": figures.idea().png,
        "loop": figures.loop().png,
        "networks": figures.networks(speeds.rows(measured), measured["cores"]).png,
        "challenge": figure(lesson, "challenge"),
    }
    for name, wanted in SHOWN.items():
        for one in wanted:
            made[one] = figure(pages.NOTEBOOKS / name, one)
    return made


def figure(notebook: Path, name: str) -> bytes:
    """The picture that the cell tagged `figure-NAME` of an executed notebook shows, as PNG.

    Raises CourseError where there is no such cell, or it shows no picture.
    """
    import nbformat

    for cell in nbformat.read(notebook, as_version=4).cells:
        if f"figure-{name}" in cell.metadata.get("tags", ()):
            for output in cell.get("outputs", ()):
                if "image/png" in output.get("data", {}):
                    return base64.b64decode(output.data["image/png"])
    raise CourseError(
        f"{notebook} shows no figure {name}: execute it, and tag the cell that draws it "
        f"figure-{name}."
    )


def collected(lesson: Mapping, adversarial: Mapping) -> dict:
    """What the pages ask for, from what the two notebooks published.

    Each part says its `source`: "photographs", "mirror" or "drawn".
    """
    measured = speeds.stored()
    networks = {
        name: {
            "parameters_millions": round(info.parameters / 1e6, 1),
            "megabytes": info.megabytes,
            "top1": info.top1,
            "pictures_per_second": measured["networks"][name]["pytorch"],
        }
        for name, info in NETWORKS.items()
        if name in measured["networks"]
    }
    machine = {name: measured[name] for name in ("machine", "cores")}
    wanted = ("source", "photographs", "frozen_test_accuracy", "frozen_test_interval")
    wanted += ("fine_tuned_test_accuracy", "fine_tuned_test_interval", "features_per_second")
    memory = {
        name: round(results.read(path)["memory_mb"] / 1000, 1)
        for name in MEASURED
        if (path := pages.NOTEBOOKS / f"{name}.ipynb").is_file()
    }
    return {
        "machine": machine,
        "bench": bench.quoted(json.loads(bench.STORED.read_text(encoding="utf-8"))),
        "memory_gb": memory,
        "networks": networks,
        "transfer": {name: _ends(lesson[name]) for name in wanted},
        "challenge": {"source": lesson["source"], **lesson["challenge"]},
        "ideal": adversarial["ideal"],
        "attack": {"source": adversarial["source"], **adversarial["attack"]},
    }


def _ends(value):
    """A confidence interval by the names of its ends; anything else as it is."""
    return dict(zip(("low", "high"), value, strict=True)) if isinstance(value, list) else value
