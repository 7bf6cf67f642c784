"""Fetching when all goes well, and what the command line makes of it."""

import json
import os
import shutil
from pathlib import Path

import pytest
from checks import get, nothing_half_written, sentence, sha256
from loopback import SMALL, ZIP, contents, pet_files, tarred

from helpers.data.__main__ import main
from helpers.data.fetching import FetchError, archives_folder, fetched
from helpers.data.sharing import write_mirror
from helpers.errors import CourseError

MIRROR = os.environ.get("COURSE_MIRROR")


def test_from_the_internet(internet, data, files):
    got = get()
    assert (got.folder, got.origin) == (data / SMALL, "photographs")
    assert contents(got.folder) == files
    assert sorted(p.name for p in data.iterdir()) == ["archives", SMALL]
    assert [p.name for p in archives_folder().glob("[!.]*")] == [ZIP]


def test_what_is_there_is_not_fetched_again(internet, data):
    first = get()
    requests = len(internet.seen)
    assert get() == first == fetched(SMALL) and len(internet.seen) == requests


def test_a_kept_archive_is_not_downloaded_again(internet, data, files):
    shutil.rmtree(get().folder)
    requests = len(internet.seen)
    assert contents(get().folder) == files and len(internet.seen) == requests


def test_from_a_mirror_at_a_url(mirrored, files):
    got = get()
    assert got.origin == "mirror" and contents(got.folder) == files
    assert fetched(SMALL).origin == "mirror"


def test_from_a_mirror_in_a_folder(folder_mirror, files):
    got = get()
    assert got.origin == "mirror" and contents(got.folder) == files
    assert not list(archives_folder().glob("[!.]*")), "a folder's archives need no copy"


def test_two_archives_in_one_set(server, data, hasty, monkeypatch):
    images, annotations = pet_files()
    server.serve({"images.tar.gz": tarred(images), "annotations.tar.gz": tarred(annotations)})
    monkeypatch.setenv("COURSE_MIRROR", server.url + "/")
    assert contents(get("oxford-pets").folder) == images | annotations


def test_without_a_published_hash_the_size_decides_and_the_hash_is_recorded(
    internet, published, packed, data
):
    published(SMALL, {ZIP: ([f"{internet.url}/{ZIP}"], None, len(packed))})
    marker = json.loads((get().folder / "SOURCE.json").read_text())
    assert marker["archives"][0]["sha256"] == sha256(packed)


def test_without_a_published_hash_another_size_is_refused(internet, published, packed, data):
    published(SMALL, {ZIP: ([f"{internet.url}/{ZIP}"], None, len(packed) - 1)})
    with pytest.raises(FetchError, match="bytes instead of") as caught:
        get()
    sentence(caught.value)
    nothing_half_written(data)


def test_what_was_fetched_can_be_served_on(internet, data, files, packed, tmp_path, monkeypatch):
    get()
    written = write_mirror(tmp_path / "class", progress=False)
    assert written.archives == (ZIP,)
    assert [why.split()[0] for why in written.missing] == ["cats-vs-dogs", "oxford-pets"]
    assert (tmp_path / "class" / ZIP).read_bytes() == packed
    assert sorted(p.name for p in (tmp_path / "class").iterdir()) == ["SHA256SUMS", ZIP]
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path / "class"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "student"))
    assert get().origin == "mirror" and contents(get().folder) == files
    again = write_mirror(tmp_path / "second", progress=False)  # from the mirror's own archives
    assert again.archives == (ZIP,)


def test_a_mirror_keeps_what_it_listed_before(internet, data, tmp_path):
    get()
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "images.tar.gz").write_bytes(b"x")
    lines = f"{sha256(b'x')}  images.tar.gz\n{sha256(b'y')}  gone.zip\n"
    (tmp_path / "class" / "SHA256SUMS").write_text(lines)
    assert write_mirror(tmp_path / "class", progress=False).archives == (ZIP, "images.tar.gz")


def test_an_archive_that_is_no_longer_kept_is_named(internet, data, tmp_path):
    get()
    (archives_folder() / ZIP).unlink()
    with pytest.raises(CourseError, match="nothing to write a mirror from"):
        write_mirror(tmp_path / "class", progress=False)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "SHA256SUMS").write_text(f"{sha256(b'x')}  images.tar.gz\n")
    (tmp_path / "class" / "images.tar.gz").write_bytes(b"x")
    assert ZIP in write_mirror(tmp_path / "class", progress=False).missing[0]


def test_the_command_line(mirrored, data, tmp_path, capsys):
    assert main(["list"]) == 0 and capsys.readouterr().out.count("not fetched") == 3
    assert main(["fetch", SMALL]) == 0
    assert str(data / SMALL) in capsys.readouterr().out
    assert main(["list"]) == 0 and capsys.readouterr().out.count("not fetched") == 2
    assert main(["mirror", str(tmp_path / "class")]) == 0
    assert "Not in it: oxford-pets" in capsys.readouterr().out
    before = sorted(p for p in tmp_path.rglob("*"))
    bad = data / SMALL / "cats_and_dogs_filtered" / "train" / "cats" / "cat.0.jpg"
    bad.write_bytes(b"")
    assert main(["check", str(data / SMALL)]) == 0
    out = capsys.readouterr().out
    assert f"{bad}: empty file" in out and "15 photographs can be read, 1 cannot" in out
    assert sorted(p for p in tmp_path.rglob("*")) == before


def test_errors_on_the_command_line_have_no_traceback(data, capsys, tmp_path):
    for arguments in (["fetch", "birds"], ["mirror", str(tmp_path)], ["check", "nowhere"]):
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1 and "Traceback" not in said.err


@pytest.mark.skipif(not MIRROR, reason="COURSE_MIRROR names no mirror of real photographs")
@pytest.mark.parametrize("name", [SMALL, "cats-vs-dogs", "oxford-pets"])
def test_the_real_mirror_served_over_loopback(server, data, monkeypatch, name, tmp_path):
    from helpers.data import load

    for path in Path(MIRROR).iterdir():
        if path.suffix in (".zip", ".gz"):
            server.serve({path.name: path.read_bytes()})
    monkeypatch.setenv("COURSE_MIRROR", server.url)
    served = load(name, source="photographs", progress=False)
    monkeypatch.setenv("COURSE_MIRROR", MIRROR)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "other"))
    local = load(name, source="photographs", progress=False)
    assert served.source == local.source == "mirror"
    assert len(served) > 200 and served.digests == local.digests
    assert served.labels == local.labels
