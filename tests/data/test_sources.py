import re

import pytest

from helpers.data.sources import BREEDS, SOURCES, source
from helpers.errors import CourseError


def test_the_table_holds_what_was_published():
    assert list(SOURCES) == ["cats-vs-dogs-small", "cats-vs-dogs", "oxford-pets"]
    sizes = {name: [archive.size for archive in s.archives] for name, s in SOURCES.items()}
    assert sizes == {
        "cats-vs-dogs-small": [68_606_236],
        "cats-vs-dogs": [824_887_076],
        "oxford-pets": [791_918_971, 19_173_078],
    }
    assert SOURCES["oxford-pets"].size == 791_918_971 + 19_173_078


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_can_be_fetched_checked_and_cited(name):
    known = SOURCES[name]
    assert known.name == name
    assert known.licence and known.licence_url.startswith("https://") and known.citation
    for archive in known.archives:
        assert all(url.startswith("https://") for url in archive.urls)
        assert all(url.endswith(f"/{archive.name}") for url in archive.urls)
        assert archive.sha256 is None or re.fullmatch("[0-9a-f]{64}", archive.sha256)
        assert archive.size < archive.most_bytes < 5 * archive.size + 500_000_000


def test_archive_names_are_not_shared():
    names = [archive.name for s in SOURCES.values() for archive in s.archives]
    assert len(names) == len(set(names))


def test_breeds_are_37_in_the_published_order():
    assert len(BREEDS) == len(set(BREEDS)) == 37
    assert BREEDS[0] == "Abyssinian" and BREEDS[5] == "Bengal" and BREEDS[36] == "yorkshire_terrier"
    assert sum(name[0].isupper() for name in BREEDS) == 12
    assert list(BREEDS) == sorted(BREEDS, key=str.lower)


@pytest.mark.parametrize(
    "wrong, near",
    [
        ("cat-vs-dog", "cats-vs-dogs"),
        ("cats_vs_dogs", "cats-vs-dogs"),
        ("Oxford Pets", "oxford-pets"),
        ("oxford", "oxford-pets"),
    ],
)
def test_a_misspelt_name_gets_a_near_one(wrong, near):
    with pytest.raises(CourseError, match=rf"{wrong}.*did you mean .*{near}"):
        source(wrong)


@pytest.mark.parametrize("wrong", ["birds", "", None, 3, [1]])
def test_a_strange_name_gets_the_list(wrong):
    with pytest.raises(CourseError, match="choose cats-vs-dogs-small, cats-vs-dogs, oxford-pets"):
        source(wrong)
