"""The doctor lists what cannot be read and changes nothing."""

import json
import os

import pytest
from PIL import Image

from helpers.data import doctor
from helpers.errors import CourseError
from helpers.paths import mirror


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    inside = tmp_path / "photographs" / "Cat"
    inside.mkdir(parents=True)
    for i in range(3):
        Image.new("RGB", (40, 30), (60 * i, 0, 9)).save(inside / f"{i}.jpg")
    Image.new("RGB", (40, 30)).save(inside / "disguised.jpg", "PNG")
    Image.new("RGB", (40, 30)).save(inside / "CAPITALS.JPG", "JPEG")
    (inside / "empty.jpg").write_bytes(b"")
    (inside / "text.jpg").write_text("no photograph")
    (inside / "Thumbs.db").write_bytes(b"x")
    return tmp_path / "photographs"


def test_report(folder):
    report = doctor.check(folder, progress=False)
    assert [p.name for p in report.readable] == [
        "0.jpg", "1.jpg", "2.jpg", "CAPITALS.JPG", "disguised.jpg",
    ]  # fmt: skip
    assert [(p.name, reason) for p, reason in report.unreadable] == [
        ("empty.jpg", "empty file"),
        ("text.jpg", "not an image"),
    ]
    assert [(p.name, form) for p, form in report.disguised] == [("disguised.jpg", "PNG")]
    assert [p.name for p in report.others] == ["Thumbs.db"]
    assert len(set(report.digests)) == 5
    assert "5 photographs can be read, 2 cannot" in report.summary()


def listing(folder):
    return {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}


def test_nothing_is_changed(folder):
    before = listing(folder)
    doctor.check(folder, progress=False)
    assert listing(folder) == before


def test_an_unchanged_file_is_not_opened_again(folder, monkeypatch):
    first = doctor.check(folder, progress=False)
    opened = []
    examine = doctor._examine
    monkeypatch.setattr(doctor, "_examine", lambda p: opened.append(p.name) or examine(p))
    assert doctor.check(folder, progress=False) == first and opened == []
    changed = folder / "Cat" / "1.jpg"
    Image.new("RGB", (41, 30)).save(changed)
    os.utime(changed, ns=(1, 1))
    assert doctor.check(folder, progress=False) != first and opened == ["1.jpg"]


@pytest.mark.parametrize("damaged", ["", "[]", "[1]", "null", '{"a": 1}', "empty findings"])
def test_a_damaged_memory_is_forgotten(folder, tmp_path, damaged):
    first = doctor.check(folder, progress=False)
    (kept,) = (tmp_path / "data" / "checked").iterdir()
    if damaged == "empty findings":
        damaged = json.dumps({key: {} for key in json.loads(kept.read_text())})
    kept.write_text(damaged)
    assert doctor.check(folder, progress=False) == first


def test_equal_content_has_equal_digests(folder):
    (folder / "copy.jpg").write_bytes((folder / "Cat" / "0.jpg").read_bytes())
    report = doctor.check(folder, progress=False)
    by_name = dict(zip([p.name for p in report.readable], report.digests, strict=True))
    assert by_name["copy.jpg"] == by_name["0.jpg"] != by_name["1.jpg"]


def test_no_folder():
    with pytest.raises(CourseError, match="is no folder"):
        doctor.check("/nowhere at all", progress=False)


@pytest.mark.skipif(not mirror() or "://" in mirror(), reason="COURSE_MIRROR names no folder")
def test_the_mirror_has_exactly_the_known_unreadable_files(tmp_path):
    import zipfile
    from pathlib import Path

    archive = Path(mirror()) / "kagglecatsanddogs_5340.zip"
    zipfile.ZipFile(archive).extractall(tmp_path)
    before = listing(tmp_path)
    report = doctor.check(tmp_path, progress=False, remember=False)
    assert sorted((p.parent.name, p.name, why) for p, why in report.unreadable) == [
        ("Cat", "666.jpg", "empty file"),
        ("Dog", "11702.jpg", "empty file"),
    ]
    assert listing(tmp_path) == before
