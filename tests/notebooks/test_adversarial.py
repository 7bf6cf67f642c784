"""The notebooks on ideal pictures and attacks run, offline, and say the same."""

import nbformat
import pytest
from conftest import REPOSITORY, run

from helpers import results

NOTEBOOKS = {"pytorch": "AdversarialCatPyTorch.ipynb", "tensorflow": "AdversarialCatTF.ipynb"}
QUICK = {
    "size": 64,
    "pixel_steps": 5,
    "best_steps": 6,
    "channel_steps": 3,
    "photographs": 4,
    "attack_steps": 5,
    "source": "drawn",
}
RECIPES = {"pixels", "variation", "fourier", "transformations", "best"}
FIGURES = {"ideal_recipes", "ideal_steps", "ideal_cat_and_zebra", "adversarial_dog"}


@pytest.mark.parametrize(
    "framework", ["pytorch", pytest.param("tensorflow", marks=pytest.mark.long)]
)
def test_a_quick_run_publishes_everything(framework, drawn_data):
    executed = drawn_data / f"adversarial-{framework}.ipynb"
    words = ["-m", "helpers", "execute", REPOSITORY / "notebooks" / NOTEBOOKS[framework]]
    words += ["-o", executed]
    for name, value in QUICK.items():
        words += ["-p", name, value]
    done = run(words, drawn_data)
    assert done.returncode == 0, done.stderr[-2000:]
    found = results.read(executed)
    assert found["framework"] == framework and found["source"] == "drawn"
    for name in ("cat", "zebra"):
        assert set(found["ideal"][name]) == RECIPES
        for numbers in found["ideal"][name].values():
            assert 0 <= numbers["probability"] <= 1 and 0 <= numbers["second_opinion"] <= 1
            assert numbers["seconds"] > 0
    attack = found["attack"]
    assert attack["epsilon"] == "2/255" and attack["photographs"] >= 2
    assert attack["success_rate"] == 1 and attack["mean_confidence"] > 0.5
    assert attack["second_network_success"] <= 0.5 and attack["seconds_per_photograph"] > 0
    _no_stderr(executed)


def test_the_stored_outputs_hold_the_figures_of_the_page():
    """They are taken from the PyTorch notebook."""
    notebook = nbformat.read(REPOSITORY / "notebooks" / NOTEBOOKS["pytorch"], as_version=4)
    tagged = {
        tag.removeprefix("figure-"): cell
        for cell in notebook.cells
        for tag in cell.metadata.get("tags", ())
        if tag.startswith("figure-")
    }
    assert set(tagged) == FIGURES
    for cell in tagged.values():
        assert any("image/png" in output.get("data", {}) for output in cell.outputs)


def test_the_stored_numbers_are_what_the_lesson_says_and_the_twins_agree():
    stored = {f: results.read(REPOSITORY / "notebooks" / name) for f, name in NOTEBOOKS.items()}
    for found in stored.values():
        for name in ("cat", "zebra"):
            ideal = found["ideal"][name]
            assert ideal["best"]["probability"] >= 0.95
            assert ideal["best"]["second_opinion"] >= 0.90
            assert ideal["best"]["seconds"] <= 60
            assert ideal["pixels"]["second_opinion"] < 0.05
        assert (
            found["attack"]["success_rate"] >= 0.99 and found["attack"]["mean_confidence"] >= 0.99
        )
    one, other = stored.values()
    for name in ("cat", "zebra"):
        best = one["ideal"][name]["best"], other["ideal"][name]["best"]
        for key in ("probability", "second_opinion"):
            assert best[0][key] == pytest.approx(best[1][key], abs=0.05)
    assert one["attack"]["success_rate"] == other["attack"]["success_rate"]


def _no_stderr(executed) -> None:
    for cell in nbformat.read(executed, as_version=4).cells:
        for output in cell.get("outputs", ()):
            said = output.get("text", "") if output.get("name") == "stderr" else ""
            assert not said.strip() or "it/s" in said or "%|" in said, said
