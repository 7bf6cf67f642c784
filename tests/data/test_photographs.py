"""Splits are stratified, seeded, and never put one photograph on two sides."""

from collections import Counter
from pathlib import Path

import pytest

from helpers.data import PhotographSet
from helpers.errors import CourseError


def photographs(counts=(60, 40), copies=(), official=()):
    """`counts` photographs a class; `copies` are pairs of positions with equal content."""
    labels = [label for label, count in enumerate(counts) for _ in range(count)]
    digests = [f"{i:032x}" for i in range(len(labels))]
    for a, b in copies:
        digests[b] = digests[a]
    return PhotographSet(
        name="test",
        source="drawn",
        class_names=tuple("abcdefgh"[: len(counts)]),
        paths=tuple(Path(f"{i}.jpg") for i in range(len(labels))),
        labels=tuple(labels),
        digests=tuple(digests),
        official=tuple(official),
    )


def sides(split):
    return [split.train, split.validation, split.test]


def test_split_is_stratified_and_whole():
    whole = photographs()
    split = whole.split(0.2, 0.2, seed=1)
    assert split.counts() == {"train": 60, "validation": 20, "test": 20}
    assert split.test.counts() == {"a": 12, "b": 8}
    assert sorted(p for side in sides(split) for p in side.paths) == sorted(whole.paths)


def test_split_depends_on_the_seed_alone():
    assert photographs().split(seed=3) == photographs().split(seed=3)
    assert photographs().split(seed=3).test != photographs().split(seed=4).test


def test_copies_never_stand_on_two_sides():
    copies = [(0, i) for i in range(1, 6)] + [(10, 70), (11, 71)]  # the last two across classes
    for seed in range(30):
        split = photographs(copies=copies).split(seed=seed)
        homes = Counter(d for side in sides(split) for d in set(side.digests))
        assert max(homes.values()) == 1


def test_a_published_split_is_honoured():
    official = ["trainval", "test"] * 50
    official[9] = ""  # not listed: used nowhere
    split = photographs(official=official, copies=[(1, 2)]).split(validation=0.2, seed=0)
    names = {int(p.stem) for p in split.test.paths}
    assert names == {i for i in range(100) if official[i] == "test"}
    trained = {int(p.stem) for p in split.train.paths + split.validation.paths}
    assert 9 not in trained | names
    assert 2 not in trained, "a copy of a test photograph must not be trained on"
    assert len(trained) == 49 and len(split.validation) == 10


@pytest.mark.parametrize(("validation", "test"), [(0.5, 0.5), (-0.1, 0.2), (0.9, 0.3)])
def test_impossible_fractions(validation, test):
    with pytest.raises(CourseError, match="choose fractions"):
        photographs().split(validation, test)


def test_too_few_photographs():
    with pytest.raises(CourseError, match="b has only 2 different photographs"):
        photographs((10, 2)).split(0.2, 0.2)


def test_take_and_subset_and_shuffle():
    whole = photographs()
    few = whole.take(5, seed=1)
    assert few.counts() == {"a": 5, "b": 5} and few == whole.take(5, seed=1)
    assert whole.take(None) is whole
    assert set(whole.shuffled(1).paths) == set(whole.paths) != whole.shuffled(1).paths[:1]
    assert whole.shuffled(1).paths != whole.paths
    with pytest.raises(CourseError, match="ask for 1 or more"):
        whole.take(0)


def test_only_relabels():
    part = photographs((3, 4, 5)).only(["c", "a"])
    assert part.class_names == ("c", "a") and part.counts() == {"c": 5, "a": 3}
    assert {part.labels[i] for i, p in enumerate(part.paths) if int(p.stem) < 3} == {1}
    with pytest.raises(CourseError, match="no class 'z'"):
        part.only(["z"])
