"""Training tricks: every claim of the reading is measured, and the twins agree."""

import re

import nbformat
import pytest
from conftest import REPOSITORY, run

from helpers import results

NOTEBOOKS = {"pytorch": "TrainingTricksPyTorch.ipynb", "tensorflow": "TrainingTricksTF.ipynb"}
QUICK = {"seeds": 3, "epochs": 3, "per_class": 2}
MEASURED = {
    "Values in range": {"range_faster", "range_better", "range_scaled"},
    "Initialisation": {"init_steady", "init_learns"},
    "Batch normalisation": {"batch_norm"},
    "Dropout": {"dropout_gap"},
    "Overfitting": {"overfitting_heart", "overfitting_chance"},
    "Optimisers": {"momentum", "best_rates"},
    "Gradient clipping": {"clipping_rescues", "clipping_harmless"},
    "Learning rate": {"rate_suggested", "cosine_too_high", "cosine_suggested"},
    "Rates by layer": {"rates_by_layer"},
    "Augmentation": {"augmentation_gap", "augmentation_shifted", "augmentation_wrong"},
    "Label smoothing": {
        "smoothing_confidence",
        "smoothing_digits",
        "smoothing_breeds",
        "smoothing_accuracy",
    },
    "Early stopping": {"early_stopping_loss", "early_stopping_epochs"},
    "Mixed precision": {"precision_angle", "precision_accuracy"},
}


def check(claims):
    """All claims are there, and every verdict follows from its numbers."""
    assert set(claims) == set().union(*MEASURED.values())
    for claim in claims.values():
        assert claim["seeds"] >= 3 and claim["spread"] >= 0
        if claim["shows"] and claim["expected"] != "same":
            sign = 1 if claim["expected"] == "more" else -1
            assert sign * claim["effect"] > claim["spread"]


@pytest.fixture(scope="module")
def stored():
    paths = {name: REPOSITORY / "notebooks" / file for name, file in NOTEBOOKS.items()}
    return {name: results.read(path)["claims"] for name, path in paths.items()}


def test_every_claim_of_the_reading_has_a_section_and_a_measurement(stored):
    text = (REPOSITORY / "notebooks" / "TrainingTricks.md").read_text(encoding="utf-8")
    table = text.split("| section | the claim |\n| --- | --- |\n")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) == list(MEASURED)
    for name, file in NOTEBOOKS.items():
        notebook = nbformat.read(REPOSITORY / "notebooks" / file, as_version=4)
        section, found = None, {}
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and cell.source.startswith("## "):
                section = cell.source.splitlines()[0].removeprefix("## ")
            for claim in re.findall(r'claims\.measure\(\s*"(\w+)"', cell.source):
                found.setdefault(section, set()).add(claim)
        assert found == MEASURED, name
        check(stored[name])


def test_the_twins_agree_on_the_sign_of_each_effect_larger_than_its_spread(stored):
    pairs = [(stored["pytorch"][name], stored["tensorflow"][name]) for name in stored["pytorch"]]
    large = [pair for pair in pairs if all(abs(c["effect"]) > c["spread"] for c in pair)]
    assert len(large) >= 12
    for one, other in large:
        if one["expected"] != "same":
            assert one["effect"] * other["effect"] > 0, one["claim"]


@pytest.mark.parametrize("framework", NOTEBOOKS)
def test_it_runs_from_top_to_bottom(framework, drawn_data):
    executed = drawn_data / f"tricks-{framework}.ipynb"
    words = ["-m", "helpers", "execute", f"notebooks/{NOTEBOOKS[framework]}", "-o", executed]
    for name, value in QUICK.items():
        words += ["-p", name, value]
    done = run(words, drawn_data)
    assert done.returncode == 0, done.stderr[-2000:]
    published = results.read(executed)
    assert published["source"] == "drawn"
    check(published["claims"])
