"""Mirrors that are named but broken: said, never passed over."""

import socket

import pytest
from checks import get, nothing_half_written, sentence, sha256
from loopback import ZIP, contents

from helpers.data import mirrors
from helpers.data.fetching import FetchError, Unreachable, archives_folder

pytestmark = pytest.mark.fault


def broken(match: str) -> None:
    with pytest.raises(FetchError, match=match) as caught:
        get()
    assert not isinstance(caught.value, Unreachable)
    assert "COURSE_MIRROR" in sentence(caught.value)


@pytest.mark.parametrize("status", [404, 503])
@pytest.mark.parametrize("path", [f"/{ZIP}", "/SHA256SUMS"])
def test_a_mirror_that_answers_with_an_error(mirrored, data, status, path):
    mirrored.faults[path] = [status, "always"]
    broken(f"answers {status}")
    nothing_half_written(data)


@pytest.mark.parametrize("path", [f"/{ZIP}", "/SHA256SUMS"])
def test_a_mirror_that_recovers(mirrored, files, path):
    mirrored.faults[path] = [503, "cut"]
    assert contents(get().folder) == files


def test_a_mirror_that_cuts_every_connection(mirrored, data):
    mirrored.ranges = False
    mirrored.faults[f"/{ZIP}"] = ["cut", "always"]
    broken("cut the connection")
    nothing_half_written(data)


def test_a_mirror_with_a_wrong_hash(mirrored, data):
    mirrored.files[f"/{ZIP}"] = b"another file"
    broken("SHA-256 .* instead of")
    nothing_half_written(data)
    assert (archives_folder() / f"{ZIP}.rejected").read_bytes() == b"another file"


def test_a_mirror_that_is_switched_off(data, hasty, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("COURSE_MIRROR", f"http://127.0.0.1:{port}")
    broken("refuses the connection")


def test_a_mirror_without_the_archive(mirrored, data):
    mirrored.files["/SHA256SUMS"] = b"0" * 64 + b"  other.zip\n"
    broken(f"lists no {ZIP}")


@pytest.mark.parametrize("text", [b"not a hash  x.zip", b"0" * 63 + b"  x.zip", b"<html>"])
def test_a_mirror_with_a_list_that_is_none(mirrored, data, text):
    mirrored.files["/SHA256SUMS"] = text
    broken("Line 1 of SHA256SUMS")


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", bytes(2 << 20)])
def test_a_mirror_with_a_list_that_is_no_text(mirrored, data, text):
    mirrored.files["/SHA256SUMS"] = text
    broken("is not text|is too long")


def test_lists_as_other_systems_write_them(packed):
    digest = sha256(packed)
    text = f"# mirror\r\n\r\n{digest.upper()} *./{ZIP}\r\n{digest}  name with spaces.zip\r\n"
    assert mirrors.parse_hashes(text, "x") == {ZIP: digest, "name with spaces.zip": digest}


def test_a_mirror_folder_that_is_missing(data, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path / "nowhere"))
    broken("is no folder")


def test_a_mirror_folder_without_a_list(folder_mirror):
    (folder_mirror / "SHA256SUMS").unlink()
    broken("has no SHA256SUMS")


def test_a_mirror_folder_without_the_file(folder_mirror):
    (folder_mirror / ZIP).unlink()
    broken("is missing though")


def test_a_mirror_folder_with_a_wrong_file(folder_mirror, data):
    (folder_mirror / ZIP).write_bytes(b"another file")
    broken("SHA-256 differs")
    nothing_half_written(data)
