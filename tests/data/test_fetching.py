"""Fetching from a mirror and from (what plays) the internet, with everything that goes wrong."""

import dataclasses
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import MIRROR
from loopback import contents, pet_files, small_files, tarred, zipped

from helpers.data import archives, fetching, hosts, mirrors, sources
from helpers.data.__main__ import main
from helpers.data.fetching import FetchError, Unreachable, archives_folder, fetch, fetched
from helpers.data.sharing import write_mirror
from helpers.errors import CourseError

SMALL, ZIP = "cats-vs-dogs-small", "cats_and_dogs_filtered.zip"
KILLS = int(os.environ.get("COURSE_KILLS", "5"))
"""How often the kill test kills; `./run stress` sets more."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def get(name: str = SMALL):
    return fetch(name, progress=False)


def sentence(error: BaseException) -> str:
    """The message; it must be one sentence that says what to do next."""
    text = str(error)
    assert text.endswith(".") and "\n" not in text and ": " in text and "None" not in text, text
    return text


def nothing_half_written(data: Path) -> None:
    assert fetched(SMALL) is None and not (data / SMALL).exists()
    assert not list(data.glob("*unpacking*")) if data.is_dir() else True


@pytest.fixture(scope="module")
def files():
    return small_files(padding=3_000_000)


@pytest.fixture(scope="module")
def packed(files):
    return zipped(files)


@pytest.fixture
def internet(server, published, packed, data, hasty):
    """The small set on a loopback server, hash pinned."""
    server.serve({ZIP: packed})
    published(SMALL, {ZIP: ([f"{server.url}/{ZIP}"], sha256(packed), len(packed))})
    return server


@pytest.fixture
def mirrored(server, packed, data, hasty, monkeypatch):
    """The small set on a loopback mirror."""
    server.serve({ZIP: packed})
    monkeypatch.setenv("COURSE_MIRROR", server.url)
    return server


@pytest.fixture
def folder_mirror(tmp_path, packed, data, monkeypatch):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / ZIP).write_bytes(packed)
    (folder / "SHA256SUMS").write_text(f"{sha256(packed)}  {ZIP}\n")
    monkeypatch.setenv("COURSE_MIRROR", str(folder))
    return folder


# What should happen


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


# Servers


@pytest.mark.parametrize("fault", ["cut", 503, 500, 429, "chunked-cut"])
def test_a_passing_fault_is_tried_again(internet, data, files, fault):
    internet.faults[f"/{ZIP}"] = [fault, fault]
    assert contents(get().folder) == files
    assert internet.gets(f"/{ZIP}") == 3


def test_a_chunked_answer_without_length(internet, data, files):
    internet.faults[f"/{ZIP}"] = ["chunked"]
    assert contents(get().folder) == files


def test_a_cut_download_goes_on_where_it_stopped(internet, files, packed, data):
    internet.faults[f"/{ZIP}"] = ["cut"]
    assert contents(get().folder) == files
    ranges = [wanted for method, _, wanted in internet.seen if method == "GET"]
    assert ranges == [None, f"bytes={len(packed) // 2}-"]


def test_a_later_run_goes_on_where_an_earlier_one_stopped(internet, files, packed, data):
    internet.faults[f"/{ZIP}"] = ["stall"]
    with pytest.raises(FetchError, match=r"sent nothing for .* seconds") as caught:
        get()
    assert "goes on where it stopped" in sentence(caught.value)
    nothing_half_written(data)
    assert contents(get().folder) == files
    assert internet.seen[-1] == ("GET", f"/{ZIP}", f"bytes={len(packed) // 2}-")


def test_a_server_without_ranges_is_asked_for_the_whole(internet, files, data):
    internet.ranges = False
    internet.faults[f"/{ZIP}"] = ["cut"]
    assert contents(get().folder) == files


@pytest.mark.parametrize("validators", [True, False])
@pytest.mark.parametrize("hashed", [True, False])
def test_two_versions_are_never_glued_together(
    internet, published, packed, files, data, validators, hashed
):
    """The first half is of another version, of the same length."""
    known = sha256(packed) if hashed else None
    published(SMALL, {ZIP: ([f"{internet.url}/{ZIP}"], known, len(packed))})
    internet.validators = validators
    internet.files[f"/{ZIP}"] = bytes(len(packed))
    internet.faults[f"/{ZIP}"] = ["stall"]
    with pytest.raises(FetchError):
        get()
    internet.files[f"/{ZIP}"] = packed
    assert contents(get().folder) == files


def test_a_part_longer_than_the_file_is_dropped(internet, files, packed, data):
    internet.files[f"/{ZIP}"] = packed + packed + packed
    internet.faults[f"/{ZIP}"] = ["stall"]
    with pytest.raises(FetchError):
        get()
    internet.files[f"/{ZIP}"] = packed
    assert contents(get().folder) == files


def test_a_part_that_was_whole_is_not_asked_for_again(internet, files, packed, data, monkeypatch):
    """Killed between the last byte and the check."""
    with monkeypatch.context() as patch:
        patch.setattr("helpers.data.downloading._difference", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            get()
    assert contents(get().folder) == files
    assert internet.gets(f"/{ZIP}") == 1


def test_a_server_that_trickles_is_given_up(internet, data):
    internet.faults[f"/{ZIP}"] = ["trickle"]
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"less than .* bytes a second") as caught:
        get()
    sentence(caught.value)
    assert time.monotonic() - start < 5


def test_a_fault_that_stays_ends_in_a_sentence(internet, data):
    internet.ranges = False
    internet.faults[f"/{ZIP}"] = ["cut", "always"]
    with pytest.raises(FetchError, match=r"cut the connection after .* bytes") as caught:
        get()
    assert not isinstance(caught.value, Unreachable)
    sentence(caught.value)
    nothing_half_written(data)


@pytest.mark.parametrize("status", [404, 403, 503])
def test_no_host_has_it(internet, data, status):
    internet.faults[f"/{ZIP}"] = [status, "always"]
    with pytest.raises(Unreachable, match=f"answers {status}") as caught:
        get()
    sentence(caught.value)
    nothing_half_written(data)


def test_a_changed_file_is_refused_and_kept_aside(internet, data):
    internet.files[f"/{ZIP}"] = b"<html>Log in to the school network</html>"
    with pytest.raises(FetchError, match="was refused") as caught:
        get()
    assert not isinstance(caught.value, Unreachable) and f"{ZIP}.rejected" in sentence(caught.value)
    nothing_half_written(data)
    assert (archives_folder() / f"{ZIP}.rejected").read_bytes() == internet.files[f"/{ZIP}"]
    assert not (archives_folder() / ZIP).exists()


def test_a_flood_is_stopped(internet, data, monkeypatch):
    limit = 1_000_000
    archive = sources.SOURCES[SMALL].archives[0]
    small = dataclasses.replace(archive, most_bytes=limit)
    monkeypatch.setitem(
        sources.SOURCES, SMALL, dataclasses.replace(sources.SOURCES[SMALL], archives=(small,))
    )
    with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
        get()
    assert sum(p.stat().st_size for p in data.rglob("*") if p.is_file()) <= limit


def test_hosts_are_tried_in_turn(internet, published, packed, files, data):
    urls = [
        "http://no-such-host.invalid/x",
        f"{internet.url}/gone.zip",
        f"{internet.url}/changed.zip",
        f"{internet.url}/{ZIP}",
    ]
    internet.files["/changed.zip"] = b"another"
    published(SMALL, {ZIP: (urls, sha256(packed), len(packed))})
    assert contents(get().folder) == files


@pytest.fixture
def black_hole():
    """An address where connections are never accepted: the queue of waiting ones is full."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        for one in waiting:
            one.close()


@pytest.fixture
def mute():
    """An address that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"


@pytest.mark.parametrize("kind", ["no name", "black hole", "mute", "name look-up hangs"])
def test_no_host_answers_and_that_is_known_soon(
    published, data, kind, black_hole, mute, monkeypatch
):
    """With the limits a student has, three addresses each."""
    urls = {"no name": "http://no-such-host.invalid/x", "black hole": black_hole, "mute": mute}
    url = urls.get(kind, "http://hangs.invalid/x")
    if kind == "name look-up hangs":
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(8))
    published(SMALL, {ZIP: ([url, url + "/y", url + "/z"], None, 10)})
    start = time.monotonic()
    with pytest.raises(Unreachable, match="COURSE_MIRROR") as caught:
        get()
    assert time.monotonic() - start < 5
    assert 'source="drawn"' in sentence(caught.value)
    nothing_half_written(data)


def test_a_host_that_hangs_does_not_hold_up_one_that_answers(
    internet, published, black_hole, packed, files, data
):
    hosts_limit = hosts.CONNECT
    published(SMALL, {ZIP: ([black_hole, f"{internet.url}/{ZIP}"], sha256(packed), len(packed))})
    start = time.monotonic()
    assert contents(get().folder) == files
    assert time.monotonic() - start < hosts_limit


# Mirrors that are named but broken: said, never passed over


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


# The disk


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


# Many processes, killed processes


def child(server, data, *arguments, code: str | None = None) -> subprocess.Popen:
    """Another process that fetches from the server as a mirror."""
    environment = os.environ | {
        "COURSE_DATA": str(data),
        "COURSE_MIRROR": server.url,
        "NO_PROXY": "127.0.0.1",
        "PYTHONIOENCODING": "utf-8",
    }
    command = ["-c", code] if code else ["-m", "helpers.data", "fetch", SMALL]
    return subprocess.Popen(
        [sys.executable, *command, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("count", [2, 4, 8])
def test_processes_that_start_together_fetch_once(server, data, files, packed, count):
    server.serve({ZIP: packed})
    server.pause = 0.01
    started = [child(server, data) for _ in range(count)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert server.gets(f"/{ZIP}") == 1
    assert contents(data / SMALL) == files


def test_threads_that_start_together_fetch_once(internet, data, files):
    threads = [threading.Thread(target=get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert contents(data / SMALL) == files and internet.gets(f"/{ZIP}") == 1


def whole_or_nothing(data, files) -> bool:
    """Whether the set is there; if it is, it is right."""
    there = fetched(SMALL) is not None
    assert (data / SMALL).exists() == there
    assert not there or contents(data / SMALL) == files
    archive = data / "archives" / ZIP
    assert not archive.exists() or archive.stat().st_size > 3_000_000
    return there


KILL_AT = """
import os, signal, sys
from helpers.data import archives, downloading, fetching

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function, calls):
    left = [calls]
    def wrapped(*given, **named):
        result = function(*given, **named)
        left[0] -= 1
        return result if left[0] else kill()
    return wrapped

point = sys.argv[1]
if point == "first block":
    downloading.blocks = lambda response: (yield from (response.raw.read1(5000), kill()))
elif point == "before check":
    downloading._difference = kill
elif point == "after check":
    downloading._difference = after(downloading._difference, 1)
elif point == "archive in place":
    replace = os.replace
    os.replace = lambda a, b: (replace(a, b), str(b).endswith(".zip") and kill())
elif point == "half unpacked":
    archives._Names.add = after(archives._Names.add, 8)
elif point == "before rename":
    os.rename = kill
elif point == "after rename":
    os.rename = after(os.rename, 1)
fetching.fetch("cats-vs-dogs-small", progress=False)
"""
POINTS = ["first block", "before check", "after check", "archive in place"]
POINTS += ["half unpacked", "before rename", "after rename"]


def test_killed_at_every_step(server, data, files, packed):
    server.serve({ZIP: packed})
    for point in POINTS:
        process = child(server, data, point, code=KILL_AT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == -9, f"{point}: {errors.decode()}"
        assert whole_or_nothing(data, files) == (point == "after rename"), point
    process = child(server, data)
    assert process.wait(60) == 0
    assert whole_or_nothing(data, files)


def test_killed_at_random_moments(server, data, files, packed):
    """SIGKILL while downloading or unpacking; every next run ends whole or goes on."""
    server.serve({ZIP: packed})
    server.pause = 0.004
    moments = random.Random(7)
    done = killed = 0
    while killed < KILLS:
        process = child(server, data)
        before, end = len(server.seen), time.monotonic() + 20
        while len(server.seen) == before and time.monotonic() < end:  # it has begun
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.35))
        process.kill()
        process.communicate()
        killed += process.returncode == -9
        if whole_or_nothing(data, files):
            done += 1
            shutil.rmtree(data / SMALL)
            (data / "archives" / ZIP).unlink()
    process = child(server, data)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()
    assert whole_or_nothing(data, files)
    assert sorted(p.name for p in data.iterdir()) == ["archives", SMALL]
    print(f"killed {killed}, lost 0")


# A mirror for a class, and the command line


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


# Real photographs, where a mirror has them


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
