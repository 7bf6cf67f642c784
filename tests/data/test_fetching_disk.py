"""Full disks, missing permissions, things in the way, bad archives."""

import os
import shutil
import subprocess

import pytest
from checks import get, nothing_half_written, sentence
from loopback import SMALL, ZIP, contents

from helpers.data import archives, fetching
from helpers.data.fetching import FetchError, archives_folder, fetched

pytestmark = pytest.mark.fault


def disk_error(match: str) -> None:
    with pytest.raises(FetchError, match=match) as caught:
        get()
    assert "COURSE_DATA" in sentence(caught.value)


@pytest.mark.parametrize("megabytes, when", [(1, "downloading"), (4, "unpacking")])
def test_a_full_disk(internet, data, files, megabytes, when):
    """A real one: a memory disk of a few megabytes. With room made, it goes on."""
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(data)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no memory disk can be mounted here (that takes root)")
    try:
        disk_error("the disk is full")
        nothing_half_written(data)
        subprocess.run(["mount", "-o", "remount,size=20m", str(data)], check=True)
        assert contents(get().folder) == files
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_a_full_disk_anywhere(internet, data, files, monkeypatch):
    """Where no memory disk can be mounted: the same error, from the writing itself."""

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "unpack", full)
        disk_error("the disk is full")
    nothing_half_written(data)
    assert contents(get().folder) == files


def test_no_permission(internet, data, files):
    if not hasattr(os, "seteuid"):
        pytest.skip("permissions of this kind are POSIX")
    data.mkdir(mode=0o555)
    is_root = os.geteuid() == 0
    try:
        if is_root:  # whom permissions do not stop
            for folder in [*data.parents][:-2]:
                if not folder.stat().st_mode & 0o005 and folder.stat().st_uid == 0:
                    folder.chmod(folder.stat().st_mode | 0o055)
            os.seteuid(65534)
        disk_error("no permission")
    finally:
        if is_root:
            os.seteuid(0)
    data.chmod(0o755)
    assert contents(get().folder) == files


@pytest.mark.parametrize("where", ["", "archives", SMALL])
def test_a_file_in_place_of_a_folder(internet, data, files, where):
    place = data / where
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine")
    with pytest.raises(FetchError, match="in the way") as caught:
        get()
    sentence(caught.value)
    assert place.read_text() == "mine"
    place.unlink()
    assert contents(get().folder) == files


@pytest.mark.parametrize(
    "marker", [None, "", "{}", "[]", '{"source": "cats-vs-dogs-small"', '{"archives": 3}']
)
def test_a_folder_without_a_valid_marker_is_not_taken_for_whole(internet, data, files, marker):
    (data / SMALL / "cats_and_dogs_filtered").mkdir(parents=True)
    if marker is not None:
        (data / SMALL / "SOURCE.json").write_text(marker)
    assert fetched(SMALL) is None
    with pytest.raises(FetchError, match="in the way"):
        get()
    (data / SMALL).rename(data / "aside")
    assert contents(get().folder) == files


@pytest.mark.fault(False)
def test_an_empty_folder_is_not_in_the_way(internet, data, files):
    (data / SMALL).mkdir(parents=True)
    assert contents(get().folder) == files


def test_a_readable_data_folder_need_not_be_writable(internet, data, monkeypatch):
    get()
    monkeypatch.setattr(fetching, "FileLock", lambda *_: pytest.fail("wants to write"))
    assert get() == fetched(SMALL)


def test_a_bad_archive_from_the_internet_is_kept_aside(internet, published, packed, data, files):
    """Right size, no published hash, wrong inside: refused, and not taken again next time."""
    bad = packed[: len(packed) // 2] + bytes(len(packed) - len(packed) // 2)
    published(SMALL, {ZIP: ([f"{internet.url}/{ZIP}"], None, len(packed))})
    internet.files[f"/{ZIP}"] = bad
    with pytest.raises(archives.ArchiveError, match="damaged") as caught:
        get()
    sentence(caught.value)
    nothing_half_written(data)
    assert (archives_folder() / f"{ZIP}.rejected").is_file()
    internet.files[f"/{ZIP}"] = packed
    assert contents(get().folder) == files


def test_left_overs_of_killed_runs_are_removed(internet, data, files):
    stale = data / f".{SMALL}.unpacking"
    stale.mkdir(parents=True)
    (stale / "half.jpg").write_text("half")
    assert contents(get().folder) == files
    assert not stale.exists()


def test_an_interrupted_fetch_leaves_nothing_half(internet, data, files, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    for place in ("helpers.data.downloading.blocks", "helpers.data.fetching.unpack", "os.rename"):
        with monkeypatch.context() as patch:
            patch.setattr(place, interrupt)
            with pytest.raises(KeyboardInterrupt):
                get()
        nothing_half_written(data)
    assert contents(get().folder) == files
