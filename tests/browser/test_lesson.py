"""Lessons in JupyterLab: run to the end, a photograph uploaded, seen in both themes.

The suite runs the main lesson with small parameters. `./run test tests/browser --long` runs
every lesson as it is, which takes 20 minutes.
"""

import io
import re

import nbformat
import numpy as np
import pytest
from jupyter_lab import CODE, CONTRAST
from nbformat.v4 import new_code_cell
from PIL import Image

from helpers import examples, lessons
from helpers.commands import handout

QUICK = {
    "source": "drawn",
    "per_class": 15,
    "epochs": 1,
    "fine_tune_epochs": 1,
    "challenge_pictures": 4,
}
LESSONS = [path for path in lessons.notebooks() if path.stem != "Quiz"]
THEMES = ("JupyterLab Light", "JupyterLab Dark")

PRINTED = f"""() => {CODE}.flatMap(c => c.model.outputs.toJSON())
    .filter(o => o.output_type === 'stream').map(o => [o.text].flat().join(''))"""


def test_the_lesson_in_jupyterlab(lab, page, shoot):
    name = "TransferLearningPyTorch.ipynb"
    nbformat.write(_quick(lessons.read(lessons.NOTEBOOKS / name)), lab.folder / name)
    lab.open(page, name)
    lab.run_all(page, minutes=12)
    _upload(page, shoot, "quick")
    _themes(page, shoot, "quick")


@pytest.mark.long
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_with_its_defaults(lab, page, shoot, path):
    nbformat.write(handout.for_students(lessons.read(path)), lab.folder / path.name)
    lab.open(page, path.name)
    lab.run_all(page, minutes=20)
    if path.stem.startswith("TransferLearning"):
        _upload(page, shoot, path.stem)
    _themes(page, shoot, path.stem)


def _quick(notebook):
    """The notebook as students get it, with small parameters."""
    notebook = handout.for_students(notebook)
    tagged = ["parameters" in lessons.tags(cell) for cell in notebook.cells]
    chosen = "\n".join(f"{name} = {value!r}" for name, value in QUICK.items())
    notebook.cells.insert(tagged.index(True) + 1, new_code_cell(chosen))
    return notebook


def _upload(page, shoot, name: str) -> None:
    """The answer to the cat that the notebook classified by its path is the same by the button."""
    printed = "".join(page.evaluate(PRINTED))
    answer, probability = re.search(r"chelsea\.png: (\w+) \((.+?%)\)", printed).groups()
    button = page.locator(".widget-upload")
    button.scroll_into_view_if_needed()
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(examples.path("cat"))
    cell = page.locator(".jp-Cell", has=button)
    cell.get_by_text(f"{answer} {probability}").wait_for()
    cell.locator("img").scroll_into_view_if_needed()
    shoot(page, f"upload-{name}")


def _themes(page, shoot, name: str) -> None:
    """Figures look the same in the light and the dark theme; tables can be read in both."""
    page.set_viewport_size({"width": 1280, "height": 1200})  # every figure fits
    seen = {}
    for theme in THEMES:
        page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
        )
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        page.wait_for_timeout(500)
        figures = page.locator(".jp-RenderedImage img")
        assert figures.count() >= 8
        seen[theme] = []
        for number in (0, figures.count() // 2, figures.count() - 1):
            figure = figures.nth(number)
            figure.scroll_into_view_if_needed()
            shoot(page, f"figure-{name}-{number}-{theme.split()[1].lower()}")
            seen[theme].append(np.asarray(Image.open(io.BytesIO(figure.screenshot())).convert("L")))
        for cell in page.locator(".jp-RenderedHTML td:visible").all()[:40]:
            assert cell.evaluate(CONTRAST) >= 4.5, cell.inner_text()
    for light, dark in zip(*seen.values(), strict=True):
        assert light.shape == dark.shape
        assert np.abs(light.astype(int) - dark).mean() < 2
        assert light.min() < 100 and np.median(light) > 100
