"""The main job, executed: on drawn stand-ins as the machine at night does, on real photographs
where a mirror is named."""

import json
import os
import re

import nbformat
import pytest
from conftest import REPOSITORY, run
from stored import differences

from helpers import results

NOTEBOOKS = {"pytorch": "TransferLearningPyTorch.ipynb", "tensorflow": "TransferLearningTF.ipynb"}
MIRROR = os.environ.get("COURSE_MIRROR")
FRAMEWORKS = pytest.mark.parametrize("framework", NOTEBOOKS)
TOLERANCE = 0.05
"""Two runs on one machine publish the same numbers; another processor rounds otherwise. This much,
absolutely or relatively, accuracies and losses may differ from the stored run."""
QUICK = {"per_class": 15, "epochs": 1, "fine_tune_epochs": 1, "challenge_pictures": 4}


def lesson(framework, data, parameters, mirror=None):
    """Run the command. Returns the published results, the executed notebook, the process."""
    executed = data / f"{framework}.ipynb"
    words = ["-m", "helpers", "lesson", "--framework", framework, "-o", executed]
    for name, value in parameters.items():
        words += ["-p", name, value]
    done = run(words, data, mirror)
    assert done.returncode == 0, done.stderr[-2000:]
    published = json.loads(done.stdout.splitlines()[-1])
    assert published == results.read(executed)
    return published, nbformat.read(executed, as_version=4), done


def text_of(notebook) -> str:
    """All that the cells of an executed notebook show, as plain text."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            shown.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(shown)


def check_what_was_broken(published):
    """Each classic mistake costs something that can be measured."""
    scalings = published["wrong_preprocessing"]
    assert scalings["pixels from 0 to 255"]["loss"] > 2 * scalings["as trained"]["loss"]
    modes = published["batch_norm"]
    assert modes["training mode, one class in a batch"] < modes["evaluation mode"] - 0.2
    rates = published["learning_rates"]
    assert rates["0.1"] < rates["1e-05"] - 0.2
    assert published["leak"]["labels by lot, leaked"] > 0.9
    assert published["leak"]["labels by lot, honest"] < 0.7


@FRAMEWORKS
def test_with_its_defaults_on_drawn_stand_ins(framework, drawn_data):
    """nbval executes every cell and compares the stored outputs that are marked for it."""
    written = drawn_data / f"{framework}.json"
    notebook = REPOSITORY / "notebooks" / NOTEBOOKS[framework]
    options = ["-q", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=600"]
    words = ["-m", "pytest", *options, "-p", "no:cacheprovider", notebook]
    done = run(words, drawn_data, COURSE_RESULTS=str(written), JUPYTER_PREFER_ENV_PATH="1")
    assert done.returncode == 0, done.stdout[-3000:]
    published = json.loads(written.read_text(encoding="utf-8"))
    assert published["framework"] == framework and published["source"] == "drawn"
    assert published["dataset"] == "cats-vs-dogs-small"
    assert published["network"] == "efficientnet_lite0"
    assert published["photographs"] == {"train": 360, "validation": 120, "test": 120}
    for name in ("frozen_test", "fine_tuned_test"):
        low, high = published[f"{name}_interval"]
        assert low <= published[f"{name}_accuracy"] <= high
    assert published["frozen_test_accuracy"] >= 0.9
    assert published["fine_tuned_test_accuracy"] >= published["frozen_test_accuracy"] - 0.02
    few = published["few_photographs"]
    assert few["pretrained"][-1] > few["random weights"][-1] + 0.1
    assert published["labels_found"] >= 0.5
    assert published["features_per_second"] > 1 and published["seconds"] < 300
    check_what_was_broken(published)
    again = differences(published, results.read(notebook), TOLERANCE)
    assert again == [], "another run than the stored one published other numbers"


@FRAMEWORKS
@pytest.mark.skipif(bool(MIRROR), reason="the run on photographs covers it")
def test_the_command_with_quick_parameters(framework, drawn_data):
    published, notebook, _ = lesson(framework, drawn_data, QUICK)
    assert published["source"] == "drawn"
    assert published["photographs"] == {"train": 18, "validation": 6, "test": 6}
    assert "DRAWN STAND-INS, NOT PHOTOGRAPHS" in text_of(notebook)


@pytest.mark.parametrize(
    "framework", ["pytorch", pytest.param("tensorflow", marks=pytest.mark.long)]
)
@pytest.mark.skipif(not MIRROR, reason="COURSE_MIRROR names no mirror")
def test_on_real_photographs(framework, tmp_path):
    """350 cats and dogs each, less the unreadable ones."""
    chosen = {"source": "photographs", "dataset": "cats-vs-dogs", "per_class": "None"}
    published, notebook, _ = lesson(framework, tmp_path, chosen, MIRROR)
    assert published["source"] == "mirror" and published["dataset"] == "cats-vs-dogs"
    assert published["photographs"]["test"] >= 100
    assert published["frozen_test_accuracy"] >= 0.985
    assert published["fine_tuned_test_accuracy"] >= published["frozen_test_accuracy"] - 0.005
    assert "STAND-INS" not in text_of(notebook)
    assert "Cat/666.jpg (empty file)" in text_of(notebook)
    check_what_was_broken(published)
    kept = {path.suffix for path in (tmp_path / "models" / "transfer").iterdir()}
    assert kept == {{"pytorch": ".safetensors", "tensorflow": ".keras"}[framework]}


@FRAMEWORKS
def test_photographs_without_a_network_are_missed_at_once(framework, tmp_path):
    executed = tmp_path / "executed.ipynb"
    words = ["-m", "helpers", "lesson", "--framework", framework, "-o", executed]
    done = run([*words, "-p", "source", "photographs"], tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    sentence = done.stderr.splitlines()[-1]
    assert "cannot be" in sentence and 'source="drawn"' in sentence, sentence
    cells = nbformat.read(executed, as_version=4).cells
    failed = [c for c in cells if any(o.output_type == "error" for o in c.get("outputs", ()))]
    assert len(failed) == 1 and "data.load(" in failed[0].source
    assert failed[0].metadata.papermill.duration < 10


def test_an_unknown_parameter_is_an_error_before_anything_runs(tmp_path):
    done = run(["-m", "helpers", "lesson", "-p", "epoch", "3"], tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "has no parameter 'epoch': did you mean epochs?" in done.stderr
    assert not (tmp_path / "executed").exists()


def broken(framework, folder):
    """A copy of the notebook in which one cell asks for what is not there."""
    notebook = nbformat.read(REPOSITORY / "notebooks" / NOTEBOOKS[framework], as_version=4)
    (cell,) = [c for c in notebook.cells if "pretrained = networks.load(network)" in c.source]
    cell.source = cell.source.replace("networks.load(", "networks.lod(")
    path = folder / "Broken.ipynb"
    nbformat.write(notebook, path)
    return path


def test_a_broken_notebook_fails(tmp_path):
    path = broken("pytorch", tmp_path)
    done = run(["-m", "helpers", "execute", path, "-p", "source", "drawn"], tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert re.search(r"Cell \d+ of Broken.ipynb failed\. AttributeError: .*lod", done.stderr)


def test_a_changed_output_fails(tmp_path):
    """nbval notices when a marked cell shows something else than what is stored."""
    notebook = nbformat.read(REPOSITORY / "notebooks" / NOTEBOOKS["pytorch"], as_version=4)
    (cell,) = [c for c in notebook.cells if "imagenet.DOGS" in c.source]
    assert "nbval-check-output" in cell.metadata.tags
    cell.outputs[0].text = cell.outputs[0].text.replace("118", "120")
    notebook.cells = [
        nbformat.v4.new_code_cell("from helpers import imagenet"),
        nbformat.from_dict(cell),
    ]
    path = tmp_path / "Changed.ipynb"
    nbformat.write(notebook, path)
    words = ["-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider"]
    done = run([*words, path], tmp_path)
    assert done.returncode == 1 and "1 failed, 1 passed" in done.stdout
