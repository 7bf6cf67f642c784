"""From a name to a set: photographs where they can be had, stand-ins that say so where not."""

import pytest
from PIL import Image

from helpers.data import drawn, load, read_folder
from helpers.errors import CourseError


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_MIRROR", raising=False)


def test_drawn(capsys):
    found = load(source="drawn", per_class=3, progress=False)
    assert found.source == "drawn" and found.counts() == {"cat": 3, "dog": 3}
    assert "DRAWN STAND-INS, NOT PHOTOGRAPHS" in capsys.readouterr().err
    more = load(source="drawn", per_class=4, progress=False)
    assert set(found.digests) < set(more.digests)


def test_drawn_breeds_have_a_split_of_their_own():
    found = load("oxford-pets", source="drawn", per_class=4, progress=False)
    assert found.class_names == tuple(breed.name for breed in drawn.BREEDS)
    split = found.split(validation=0.5)
    assert split.counts() == {"train": 37, "validation": 37, "test": 74}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "cats-vs-dog"}, "cats-vs-dogs"),
        ({"source": "fotos"}, 'choose "auto"'),
        ({"per_class": 0}, "ask for 1 or more"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(CourseError, match=message):
        load(**arguments)


def picture(path, number):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20), (number % 255, 0, 0)).save(path, "JPEG")


def test_layout_of_cats_vs_dogs(tmp_path):
    for i in range(3):
        picture(tmp_path / "PetImages" / "Cat" / f"{i}.jpg", i)
        picture(tmp_path / "PetImages" / "Dog" / f"{i}.jpg", i + 9)
    (tmp_path / "PetImages" / "Cat" / "666.jpg").write_bytes(b"")
    (tmp_path / "PetImages" / "Cat" / "Thumbs.db").write_bytes(b"x")
    found = read_folder("cats-vs-dogs", tmp_path, "mirror", progress=False)
    assert found.counts() == {"cat": 3, "dog": 3} and found.source == "mirror"
    assert [(p.name, why) for p, why in found.unreadable] == [("666.jpg", "empty file")]


def test_layout_of_cats_vs_dogs_small(tmp_path):
    for part in ("train", "validation"):
        for i, label in enumerate(("cats", "dogs")):
            picture(tmp_path / "cats_and_dogs_filtered" / part / label / f"{part}.jpg", i)
    found = read_folder("cats-vs-dogs-small", tmp_path, progress=False)
    assert found.counts() == {"cat": 2, "dog": 2}


def test_layout_of_oxford_pets(tmp_path):
    lists = {
        "trainval": ["Bengal_1", "american_bulldog_7"],
        "test": ["Bengal_2", "american_bulldog_8"],
    }
    for number, stem in enumerate([*lists["trainval"], *lists["test"], "Bengal_99"]):
        picture(tmp_path / "images" / f"{stem}.jpg", number)
    (tmp_path / "annotations").mkdir()
    for part, stems in lists.items():
        text = "#Image CLASS-ID SPECIES BREED ID\n" + "".join(f"{s} 1 1 1\n" for s in stems)
        (tmp_path / "annotations" / f"{part}.txt").write_text(text)
    found = read_folder("oxford-pets", tmp_path, progress=False)
    assert found.class_names == ("american_bulldog", "Bengal"), "capitals do not decide the order"
    assert len(found) == 4, "a photograph that is not listed is not used"
    names = {p.stem for p, part in zip(found.paths, found.official, strict=True) if part == "test"}
    assert names == set(lists["test"])


def test_own_folders(tmp_path):
    for label in ("rex", "minka"):
        picture(tmp_path / label / "1.jpg", 1)
    assert read_folder("mine", tmp_path, progress=False).class_names == ("minka", "rex")
    with pytest.raises(CourseError, match="is no folder"):
        read_folder("mine", tmp_path / "not here")
    (tmp_path / "nothing").mkdir()
    with pytest.raises(CourseError, match="holds no photographs"):
        read_folder("mine", tmp_path / "nothing")
