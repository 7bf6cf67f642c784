"""The drawn stand-ins: every breed, the same again for the same seed, files written whole."""

import numpy as np
import pytest
from PIL import Image

from helpers.data import drawn
from helpers.errors import CourseError

OXFORD = [
    "Abyssinian",
    "american_bulldog",
    "american_pit_bull_terrier",
    "basset_hound",
    "beagle",
    "Bengal",
    "Birman",
    "Bombay",
    "boxer",
    "British_Shorthair",
    "chihuahua",
    "Egyptian_Mau",
    "english_cocker_spaniel",
    "english_setter",
    "german_shorthaired",
    "great_pyrenees",
    "havanese",
    "japanese_chin",
    "keeshond",
    "leonberger",
    "Maine_Coon",
    "miniature_pinscher",
    "newfoundland",
    "Persian",
    "pomeranian",
    "pug",
    "Ragdoll",
    "Russian_Blue",
    "saint_bernard",
    "samoyed",
    "scottish_terrier",
    "shiba_inu",
    "Siamese",
    "Sphynx",
    "staffordshire_bull_terrier",
    "wheaten_terrier",
    "yorkshire_terrier",
]
PETS = {"cat": drawn.CAT_BREEDS, "dog": drawn.DOG_BREEDS}


def test_breeds_stand_in_oxford_order():
    assert [breed.name for breed in drawn.BREEDS] == OXFORD
    assert [name for name in OXFORD if name[0].isupper()] == list(drawn.CAT_BREEDS)
    assert [name for name in OXFORD if name[0].islower()] == list(drawn.DOG_BREEDS)


@pytest.mark.parametrize("name", OXFORD)
def test_every_breed_can_be_drawn(name):
    for seed in range(3):
        picture = drawn.picture(name, seed, size=96)
        assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
        assert min(picture.shape[:2]) == 96
        assert picture.std() > 15, "a picture must show something"


def test_same_seed_same_picture_and_another_seed_another():
    first = drawn.picture("Siamese", 3, size=128)
    drawn.picture("pug", 8)
    assert np.array_equal(first, drawn.picture("Siamese", 3, size=128))
    record = next(breed for breed in drawn.BREEDS if breed.name == "Siamese")
    assert np.array_equal(first, drawn.picture(record, 3, size=128))
    other = drawn.picture("Siamese", 4, size=128)
    assert first.shape != other.shape or np.abs(first.astype(int) - other).mean() > 5


@pytest.mark.parametrize("size", [16, 224, 256, 700])
def test_size_is_the_short_side(size):
    assert min(drawn.picture("beagle", 1, size=size).shape[:2]) == size


def test_shapes_vary():
    assert len({drawn.picture("beagle", seed, size=32).shape for seed in range(20)}) >= 3


def test_negative_and_large_seeds_work():
    assert drawn.picture("pug", -1, size=32).shape[2] == 3
    assert drawn.picture("pug", 10**30, size=32).shape[2] == 3


def test_unknown_breed_suggests_near_ones():
    with pytest.raises(CourseError, match="Siamese"):
        drawn.picture("siamesse", 0)
    with pytest.raises(CourseError, match="american_bulldog"):
        drawn.picture("american_buldog", 0)


def test_bad_size_and_style_are_refused():
    with pytest.raises(CourseError, match="16"):
        drawn.picture("pug", 0, size=4)
    with pytest.raises(CourseError, match="sketch"):
        drawn.picture("pug", 0, style="oil")


def test_sketch_is_pencil_on_light_paper():
    sketch = drawn.picture("Bengal", 2, size=128, style="sketch").astype(int)
    assert np.median(sketch) > 150
    assert sketch.min() < 120
    assert (sketch.max(axis=2) - sketch.min(axis=2)).max() < 30, "a sketch has no colours"


def _summary(picture):
    small = Image.fromarray(picture).resize((24, 24), Image.Resampling.BOX)
    return np.asarray(small, float).ravel() / 255


def test_breeds_look_different():
    """The nearest mean over 24 x 24 pixels tells three very different breeds apart."""
    names = ["Bombay", "samoyed", "pomeranian"]
    learn = [np.mean([_summary(drawn.picture(n, s, 64)) for s in range(25)], 0) for n in names]
    right = 0
    for label, name in enumerate(names):
        for seed in range(100, 110):
            seen = _summary(drawn.picture(name, seed, 64))
            right += label == np.argmin([np.linalg.norm(seen - mean) for mean in learn])
    assert right >= 20, f"only {right} of 30 drawings recognised"


def test_write_gives_paths_and_labels(tmp_path):
    written = drawn.write(tmp_path, PETS, 5, size=48)
    assert [label for _, label in written] == [0] * 5 + [1] * 5
    assert written[0][0] == tmp_path / "cat" / f"{drawn.CAT_BREEDS[0]}_1.jpg"
    assert {path.parent.name for path, label in written if label == 1} == {"dog"}
    assert sorted(tmp_path.rglob("*.*")) == sorted(path for path, _ in written)
    with Image.open(written[0][0]) as image:
        assert image.format == "JPEG" and image.mode == "RGB" and min(image.size) == 48


def test_asking_for_more_only_adds(tmp_path):
    few = drawn.write(tmp_path, PETS, 3, size=48)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path, _ in few}
    more = drawn.write(tmp_path, PETS, 6, size=48)
    assert set(few) < set(more) and len(more) == 12
    for path, (content, changed) in before.items():
        assert path.read_bytes() == content
        assert path.stat().st_mtime_ns == changed, "a complete file must not be written again"
    assert drawn.write(tmp_path, PETS, 3, size=48) == few


def test_two_folders_hold_the_same_bytes(tmp_path):
    one = drawn.write(tmp_path / "one", PETS, 2, seed=7, size=48)
    two = drawn.write(tmp_path / "two", PETS, 2, seed=7, size=48)
    assert [p.read_bytes() for p, _ in one] == [p.read_bytes() for p, _ in two]
    other = drawn.write(tmp_path / "other", PETS, 2, seed=8, size=48)
    assert all(a.read_bytes() != b.read_bytes() for (a, _), (b, _) in zip(one, other, strict=True))


def test_broken_or_different_files_are_drawn_anew(tmp_path):
    ((path, _),) = drawn.write(tmp_path, {"cat": ["Bombay"]}, 1, size=48)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    drawn.write(tmp_path, {"cat": ["Bombay"]}, 1, size=48)
    assert path.read_bytes() == whole
    drawn.write(tmp_path, {"cat": ["Bombay"]}, 1, size=64)
    with Image.open(path) as image:
        assert min(image.size) == 64


def test_an_interruption_leaves_no_half_file(tmp_path, monkeypatch):
    save = Image.Image.save

    def cut(self, file, *args, **options):
        save(self, file, *args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", cut)
    with pytest.raises(KeyboardInterrupt):
        drawn.write(tmp_path, PETS, 2, size=48)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert len(drawn.write(tmp_path, PETS, 2, size=48)) == 4


def test_write_refuses_what_it_cannot_draw(tmp_path):
    with pytest.raises(CourseError, match="Persian"):
        drawn.write(tmp_path, {"cat": ["persan"]}, 1)
    with pytest.raises(CourseError, match="no breeds"):
        drawn.write(tmp_path, {"cat": []}, 1)
    with pytest.raises(CourseError, match="-1"):
        drawn.write(tmp_path, PETS, -1)
    assert list(tmp_path.iterdir()) == []
