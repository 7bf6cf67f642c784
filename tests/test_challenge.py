"""Kinds of pictures that grow stranger: what they are, that nothing stands on both sides."""

import numpy as np
import pytest
from PIL import Image

from helpers import challenge
from helpers.catalogue import network_info
from helpers.data import doctor, drawn
from helpers.data.photographs import PhotographSet
from helpers.errors import CourseError

INFO = network_info("efficientnet_lite0")


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    classes = {"cat": drawn.CAT_BREEDS, "dog": drawn.DOG_BREEDS}
    listed = drawn.write(folder, classes, 8, size=96)
    report = doctor.check([path for path, _ in listed], progress=False, remember=False)
    labels = tuple(label for _, label in listed)
    photographs = PhotographSet(
        "x", "drawn", tuple(classes), report.readable, labels, report.digests
    )
    return photographs.split(validation=0.25, test=0.5)


@pytest.fixture(scope="module")
def kinds(split):
    return challenge.kinds(split, INFO, per_class=3)


def test_from_photographs_to_handwriting(kinds):
    assert len(kinds) >= 7 and kinds[0].name == "stand-ins"
    assert [kind.name for kind in kinds if kind.same_question] == [
        "stand-ins",
        "outlines",
        "drawings",
        "sketches",
    ]
    for kind in kinds:
        for part in (kind.train, kind.test):
            assert part.pictures.shape[1:] == (INFO.size, INFO.size, 3)
            assert part.pictures.dtype == np.uint8 and len(part.pictures) == len(part.labels)
            assert set(part.labels) == set(range(len(kind.class_names)))
            assert sum(len(pictures) for pictures, _ in part.batches()) == len(part.labels)


def test_no_picture_is_trained_on_and_judged(kinds):
    for kind in kinds:
        trained = {picture.tobytes() for picture in kind.train.pictures}
        assert not trained & {picture.tobytes() for picture in kind.test.pictures}


def test_tissue_cannot_be_told_by_its_brightness():
    kind = challenge.tissue(INFO, 30)
    few, many = (kind.test.pictures[kind.test.labels == label].mean() for label in (0, 1))
    assert abs(few - many) < 5


def test_an_outline_of_nothing_is_white():
    assert (challenge.outline(np.full((32, 32, 3), 90, np.uint8)) == 255).all()
    half = np.zeros((32, 32, 3), np.uint8)
    half[:, 16:] = 255
    found = challenge.outline(half)
    assert found[16, 16, 0] < 60 and found[16, 2, 0] == 255


def test_own_folder(tmp_path):
    for name, seed in (("owls", 0), ("frogs", 1)):
        (tmp_path / "own" / name).mkdir(parents=True)
        rng = np.random.default_rng(seed)
        for i in range(6):
            pixels = rng.integers(0, 255, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "own" / name / f"{i}.png")
    kind = challenge.folder(tmp_path / "own", INFO)
    assert set(kind.class_names) == {"owls", "frogs"} and not kind.same_question
    assert len(kind.train.labels) == len(kind.test.labels) == 6
    with pytest.raises(CourseError):
        challenge.folder(tmp_path / "nothing", INFO)


def test_a_new_head_learns_what_can_be_told(kinds):
    kind = challenge.digits(INFO, 30)
    parts = [challenge.pixels(part) for part in (kind.train, kind.test)]
    accuracy, (low, high) = challenge.new_head(kind, *parts)
    assert low <= accuracy <= high and accuracy > 0.5


def test_the_same_pictures_are_not_strange():
    features = np.random.default_rng(0).random((5, 8), np.float32)
    assert challenge.strangeness(features, features) == pytest.approx(0, abs=1e-6)
    assert challenge.strangeness(features, np.eye(8)[:1]) > 0.1


def test_chart_says_what_it_shows():
    pair = (0.9, (0.8, 0.95))
    row = {"kind": "photographs", "strangeness": 0.2, "chance": 0.5, "pictures": 20}
    row |= {"classifier": pair, "new head": pair, "pixels": pair}
    worse = (0.7, (0.6, 0.8))
    far = {**row, "kind": "tissue", "strangeness": 0.9, "classifier": None}
    near = {**row, "kind": "sketches", "strangeness": 0.4, "classifier": worse}
    rows = challenge.in_order([row, far, near])
    assert [row["kind"] for row in rows] == ["photographs", "sketches", "tissue"]
    drawing = challenge.chart(rows)
    assert "sketches: the classifier as it is 70%" in drawing.text
    published = challenge.summary(rows)
    assert (published["first"], published["last"]) == (0.9, 0.7)
    assert published["kinds"]["tissue"]["accuracy"] == 0.9
    assert published["kinds"]["tissue"]["classifier"] is None


def test_too_few_pictures(split):
    with pytest.raises(CourseError, match="2 or more"):
        challenge.kinds(split, INFO, per_class=1)
