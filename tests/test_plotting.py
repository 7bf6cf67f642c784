"""Every figure draws, carries a text, and marks only what it was given."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from helpers import plotting
from helpers.history import History

PICTURES = [np.full((8, 8, 3), 30 * i, np.uint8) for i in range(5)]
HISTORY = History([1.0, 0.5], [0.6, 0.8], [0.9, 0.6], [0.7, 0.75], [0.1, 0.1], [1, 1], 1)

DRAWINGS = {
    "pictures": lambda: plotting.pictures(PICTURES, ["a", "b"], columns=3),
    "answers": lambda: plotting.answers(PICTURES[0], [("cat", 0.7), ("dog", 0.3)]),
    "activations": lambda: plotting.activations({"stem": np.random.rand(1, 9, 9, 12)}),
    "histories": lambda: plotting.histories({"frozen": HISTORY, "fine": HISTORY}),
    "confusion": lambda: plotting.confusion(np.array([[3, 1], [0, 4]]), ["cat", "dog"]),
    "bars": lambda: plotting.bars({"a": 0.5, "b": 0.9}, intervals=[(0.4, 0.6), (0.8, 1)]),
    "lines": lambda: plotting.lines([1, 2], {"a": [0.1, 0.2]}, x_label="x", y_label="y"),
    "heat_maps": lambda: plotting.heat_maps(PICTURES, np.random.rand(5, 2, 2), ["a"] * 5),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_is_a_picture_with_a_text(name):
    drawing = DRAWINGS[name]()
    data, metadata = drawing._repr_mimebundle_()
    image = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB"))
    assert image.std() > 5, "the figure is empty"
    assert (image[0, 0] == 255).all(), "the background is white in every theme"
    assert len(metadata["image/png"]["alt"]) > 10
    json.dumps(metadata)


def test_texts_say_the_numbers():
    assert "7 of 8" in DRAWINGS["confusion"]().text
    assert "cat 70.0%" in DRAWINGS["answers"]().text


def test_save(tmp_path):
    path = DRAWINGS["bars"]().save(tmp_path / "new" / "a.png")
    assert Image.open(path).format == "PNG" and len(list(path.parent.iterdir())) == 1


def test_table():
    table = plotting.table([{"name": "<b>", "value": 0.12345, "yes": True}], "Caption")
    assert "&lt;b&gt;" in table._repr_html_() and "<b>" not in table._repr_html_()
    assert repr(table).splitlines() == ["Caption", "name  value   yes", "<b>   0.1235  yes"]


def test_an_animation_plays_from_the_notebook_alone():
    frames = [np.full((8, 8, 3), 30 * i, np.uint8) for i in range(5)]
    bundle = plotting.Animation(frames, 'a "cat" appears')._repr_mimebundle_()
    html = bundle["text/html"]
    assert 'alt="a &quot;cat&quot; appears"' in html and "http" not in html
    data = base64.b64decode(html.split("base64,")[1].split('"')[0])
    assert Image.open(io.BytesIO(data)).n_frames == 5
