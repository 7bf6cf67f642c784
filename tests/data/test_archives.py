"""Archives from strangers. Every bad one is refused and nothing appears outside the folder."""

import gzip
import io
import os
import shutil
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from loopback import contents, small_files, tarred, zipped

from helpers.data.archives import ArchiveError, unpack
from helpers.errors import CourseError

pytestmark = pytest.mark.fault

LIMITS = {"most_bytes": 1_000_000, "most_files": 100, "progress": False}


@pytest.fixture
def inside(tmp_path):
    """A folder to unpack to, deep enough that a name with ../.. stays in the test's own folder."""
    folder = tmp_path / "a" / "b" / "inside"
    folder.mkdir(parents=True)
    return folder


def written(tmp_path: Path, content: bytes, suffix: str) -> Path:
    path = tmp_path / f"archive{suffix}"
    path.write_bytes(content)
    return path


def refused(tmp_path, inside, content: bytes, suffix: str, reason: str) -> None:
    """It is refused for this reason, and nothing is outside."""
    archive = written(tmp_path, content, suffix)
    inside = inside / suffix[1:]
    inside.mkdir(exist_ok=True)
    with pytest.raises(ArchiveError, match=reason) as caught:
        unpack(archive, inside, **LIMITS)
    message = str(caught.value)
    assert str(archive) in message and message.endswith(".") and "\n" not in message
    outside = {p for p in tmp_path.rglob("*") if p.is_file() and inside not in p.parents}
    assert outside == {archive}
    assert not any(p.is_symlink() for p in tmp_path.rglob("*"))
    got = contents(inside)
    assert sum(map(len, got.values())) <= LIMITS["most_bytes"] and len(got) <= LIMITS["most_files"]
    shutil.rmtree(inside)
    archive.unlink()


def a_zip(*entries, **options) -> bytes:
    """entries: (name or ZipInfo, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # of duplicate names
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def a_tar(*members, format=tarfile.PAX_FORMAT) -> bytes:
    """members: (TarInfo or name, content)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=format) as archive:
        for member, content in members:
            if isinstance(member, str):
                member = tarfile.TarInfo(member)
            member.size = len(content) or member.size
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.fault(False)
@pytest.mark.parametrize("pack, suffix", [(zipped, ".zip"), (tarred, ".tar.gz")])
def test_good_archives_come_out_whole(tmp_path, inside, pack, suffix):
    files = small_files() | {"readme[1].txt": b"", "Thumbs.db": b"x", "deep/er/é.jpg": b"y"}
    archive = written(tmp_path, pack(files), suffix)
    count, size = unpack(archive, inside, **LIMITS)
    assert contents(inside) == files
    assert (count, size) == (len(files), sum(map(len, files.values())))


@pytest.mark.fault(False)
@pytest.mark.parametrize("pack, suffix", [(zipped, ".zip"), (tarred, ".tar.gz")])
def test_an_archive_without_entries_gives_nothing(tmp_path, inside, pack, suffix):
    assert unpack(written(tmp_path, pack({}), suffix), inside, **LIMITS) == (0, 0)


@pytest.mark.fault(False)
def test_folders_may_be_named_before_during_and_after(tmp_path, inside):
    folder = special("images", tarfile.DIRTYPE)
    packed = a_tar((folder, b""), ("./images/a.jpg", b"a"), (folder, b""), ("images/b.jpg", b"b"))
    unpack(written(tmp_path, packed, ".tar.gz"), inside, **LIMITS)
    assert contents(inside) == {"images/a.jpg": b"a", "images/b.jpg": b"b"}


@pytest.mark.fault(False)
def test_owners_permissions_and_dates_are_not_taken_over(tmp_path, inside):
    member = tarfile.TarInfo("run.sh")
    member.mode, member.uid, member.mtime = 0o6777, 12345, 0
    unpack(written(tmp_path, a_tar((member, b"x")), ".tar.gz"), inside, **LIMITS)
    state = (inside / "run.sh").stat()
    assert not state.st_mode & 0o6111 and state.st_uid == os.getuid() and state.st_mtime > 1e9


LEAVING = ["../out.txt", "a/../../out.txt", "../../../out.txt", "a/.."]
ABSOLUTE = ["/tmp/course-out.txt", "//out.txt"]
UNWRITABLE = [
    *("a\\..\\..\\out.txt", "CON", "a/nul.txt", "com1.jpg", "a:b", "C:", "what?.jpg", "a|b"),
    *("trailing.", "trailing /x", "tab\tname", "new\nline"),
]


@pytest.mark.parametrize("name", LEAVING)
def test_names_that_leave_the_folder(tmp_path, inside, name):
    refused(tmp_path, inside, a_zip((name, b"x")), ".zip", "leads out")
    refused(tmp_path, inside, a_tar((name, b"x")), ".tar.gz", "leads out")


@pytest.mark.parametrize("name", [*ABSOLUTE, "C:/out.txt", "\\out.txt"])
def test_absolute_names(tmp_path, inside, name):
    refused(tmp_path, inside, a_zip((name, b"x")), ".zip", "absolute name")
    refused(tmp_path, inside, a_tar((name, b"x")), ".tar.gz", "absolute name")
    assert not Path("/tmp/course-out.txt").exists()


@pytest.mark.parametrize("name", UNWRITABLE)
def test_names_that_some_system_cannot_write(tmp_path, inside, name):
    refused(tmp_path, inside, a_zip((name, b"x")), ".zip", "cannot write|absolute")
    refused(tmp_path, inside, a_tar((name, b"x")), ".tar.gz", "cannot write|absolute")


@pytest.mark.parametrize(
    "first, second, reason",
    [
        ("a.jpg", "a.jpg", "twice"),
        ("a.jpg", "./a.jpg", "twice"),
        ("a.jpg", "A.JPG", "one name on some disks"),
        ("Cat/1.jpg", "cat/2.jpg", "one name on some disks"),
        ("é.jpg", "e\u0301.jpg", "one name on some disks"),
        ("a", "a/b.jpg", "twice"),
        ("a/b.jpg", "a", "twice"),
    ],
)
def test_two_names_for_one_file(tmp_path, inside, first, second, reason):
    refused(tmp_path, inside, a_zip((first, b"1"), (second, b"2")), ".zip", reason)
    refused(tmp_path, inside, a_tar((first, b"1"), (second, b"2")), ".tar.gz", reason)


def test_an_existing_file_is_not_replaced(tmp_path, inside):
    (inside / "a.jpg").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        unpack(written(tmp_path, a_zip(("a.jpg", b"theirs")), ".zip"), inside, **LIMITS)
    assert (inside / "a.jpg").read_bytes() == b"mine"


def test_names_that_are_not_utf8(tmp_path, inside):
    packed = a_tar(("caf\udce9.jpg", b"x"), format=tarfile.GNU_FORMAT)
    refused(tmp_path, inside, packed, ".tar.gz", "not UTF-8")
    flagged = a_zip(("café.jpg", b"x")).replace("café".encode(), b"caf\xe9\xe9")
    refused(tmp_path, inside, flagged, ".zip", "not UTF-8")
    unflagged = a_zip(("cafXX.jpg", b"x")).replace(b"cafXX", b"caf\xe9\xe9")
    refused(tmp_path, inside, unflagged, ".zip", "not UTF-8")


def test_endless_names(tmp_path, inside):
    refused(tmp_path, inside, a_zip(("d/" * 600 + "a.jpg", b"x")), ".zip", "too long")
    refused(tmp_path, inside, a_tar(("d/" * 600 + "a.jpg", b"x")), ".tar.gz", "too long")


@pytest.mark.parametrize(
    "kind, target",
    [
        (tarfile.SYMTYPE, "../../out.txt"),
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.SYMTYPE, "beside.jpg"),
        (tarfile.LNKTYPE, "/etc/passwd"),
        (tarfile.CHRTYPE, ""),
        (tarfile.BLKTYPE, ""),
        (tarfile.FIFOTYPE, ""),
    ],
)
def test_links_and_devices(tmp_path, inside, kind, target):
    packed = a_tar((special("odd", kind, target), b""), ("odd/out.txt", b"x"))
    refused(tmp_path, inside, packed, ".tar.gz", "a link or a device")


def test_links_in_zip(tmp_path, inside):
    link = zipfile.ZipInfo("odd")
    link.external_attr = 0o120777 << 16
    refused(tmp_path, inside, a_zip((link, "../../out.txt")), ".zip", "a link or a device")


def test_sparse_files(tmp_path, inside):
    sparse = tarfile.TarInfo("holes.jpg")
    sparse.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40)}
    refused(tmp_path, inside, a_tar((sparse, b"x")), ".tar.gz", "a link or a device")


@pytest.mark.parametrize("count", [1, 40])
def test_bombs_stop_at_the_declared_size(tmp_path, inside, count):
    """A small archive that unpacks to far more, in one file or in many."""
    zeros = bytes(10_000_000 // count)
    files = [(f"{i}.jpg", zeros) for i in range(count)]
    for packed, suffix in (
        (a_zip(*files, compression=zipfile.ZIP_DEFLATED), ".zip"),
        (a_tar(*files), ".tar.gz"),
    ):
        assert len(packed) < 50_000
        refused(tmp_path, inside, packed, suffix, "more than 1,000,000 bytes")


def test_too_many_entries(tmp_path, inside):
    files = [(f"{i}.jpg", b"") for i in range(101)]
    refused(tmp_path, inside, a_zip(*files), ".zip", "more than 100 files")
    refused(tmp_path, inside, a_tar(*files), ".tar.gz", "more than 100 files")


def peak_memory(work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_million_entries_are_not_read_into_memory(tmp_path, inside):
    """Made by hand: one entry of the zip's list of contents, a million times."""
    one = a_zip(("a.jpg", b""))
    at = one.index(b"PK\x01\x02")
    entry = one[at : one.index(b"PK\x05\x06")]
    million = 1_000_000
    start, size = at, len(entry) * million
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, start, 0)
    packed = one[:at] + entry * million + end
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, million, million, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at + size, 1)
    disguised = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), start, 0)
    zip64 = one[:at] + entry * million + wide + locator + disguised

    def both():
        refused(tmp_path, inside, packed, ".zip", "more than 100 files")
        refused(tmp_path, inside, zip64, ".zip", "more than 100 files")

    assert peak_memory(both) < 5_000_000


def test_a_huge_name_in_a_tar_is_not_read_into_memory(tmp_path, inside):
    member = tarfile.TarInfo("././@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 50_000_000
    packed = gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(50_000_000), 1)
    used = peak_memory(
        lambda: refused(tmp_path, inside, packed, ".tar.gz", "header in it is too large")
    )
    assert used < 10_000_000


def test_passwords_and_unusual_compression(tmp_path, inside):
    locked = bytearray(a_zip(("a.jpg", b"x")))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    refused(tmp_path, inside, bytes(locked), ".zip", "password")
    packed = a_zip(("a.jpg", b"x"), compression=zipfile.ZIP_LZMA)
    refused(tmp_path, inside, packed, ".zip", "unusual")


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
@pytest.mark.parametrize("content", [b"", b"<html>Log in to the school network</html>", bytes(999)])
def test_what_is_no_archive(tmp_path, inside, suffix, content):
    refused(tmp_path, inside, content, suffix, "damaged")


def test_a_kind_that_is_not_known(tmp_path, inside):
    refused(tmp_path, inside, b"Rar!", ".rar", "neither")


@pytest.mark.parametrize("pack, suffix", [(zipped, ".zip"), (tarred, ".tar.gz")])
def test_every_cut_and_every_flip_is_found_or_harmless(tmp_path, inside, pack, suffix):
    """A damaged archive is refused, or gives exactly the right files; never wrong ones quietly."""
    files = {f"{i}.jpg": bytes(range(i, i + 100)) for i in range(5)}
    whole = pack(files)
    step = max(1, len(whole) // 150)
    damaged = [whole[:n] for n in range(0, len(whole), step)]
    for at in range(0, len(whole), step):
        flipped = bytearray(whole)
        flipped[at] ^= 0xFF
        damaged.append(bytes(flipped))
    found = 0
    for number, content in enumerate(damaged):
        folder = inside / str(number)
        folder.mkdir()
        try:
            unpack(written(tmp_path, content, suffix), folder, **LIMITS)
        except CourseError:
            found += 1
        else:
            assert contents(folder) == files
    assert found > len(damaged) // 2


def test_a_damaged_header_is_not_the_end(tmp_path, inside):
    """tarfile takes a header whose checksum is wrong for the end of the archive."""
    plain = bytearray(gzip.decompress(tarred({"a.jpg": b"a", "b.jpg": b"b"})))
    plain[1024] ^= 0xFF
    refused(tmp_path, inside, gzip.compress(bytes(plain)), ".tar.gz", "something follows")


def test_zeros_without_end_after_the_end(tmp_path, inside):
    plain = gzip.decompress(tarred({"a.jpg": b"a"})) + bytes(3_000_000)
    refused(tmp_path, inside, gzip.compress(plain), ".tar.gz", "something follows")
