"""Unpacking archives from strangers: nothing is ever written outside the folder it belongs in.

Only plain files and folders come out. An archive that holds anything else (links, devices), a name
that leaves the folder or that some system cannot write, two names that one system takes for the
same, or more than its source declares, is refused as a whole. The files are created here one by
one, without the owners and permissions an archive may ask for, so the checks below are all there
is to trust.
"""

import gzip
import re
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tqdm.auto import tqdm

from helpers.errors import CourseError

_BLOCK = 1 << 18
_LONGEST_NAME = 1_000
_LARGEST_HEADER = 1 << 20
_BAD_CHARACTER = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


class ArchiveError(CourseError):
    """An archive that is damaged or not to be trusted; `reason` in a few words."""

    def __init__(self, archive, reason: str):
        self.archive, self.reason = Path(archive), reason
        super().__init__(
            f"{archive} was not unpacked ({reason}): delete it and fetch it again, "
            "or ask whoever gave it to you for a sound copy."
        )


class _Refused(Exception):
    """Why an archive is refused."""


@dataclass(frozen=True)
class _Entry:
    """One thing in an archive. open: its content as a stream; None for a folder."""

    name: str
    content: IO[bytes] | None


def unpack(
    archive: Path, folder: Path, *, most_bytes: int, most_files: int, progress: bool = True
) -> tuple[int, int]:
    """Unpack a .zip or .tar.gz into `folder`, which exists; existing files are not replaced.

    most_bytes, most_files: what may come out at most (folders count as files). Returns how many
    files and how many bytes came out. Raises ArchiveError for an archive that is damaged or not
    to be trusted (what was unpacked so far stays in `folder`, for the caller to remove), OSError
    where writing fails.
    """
    archive, folder = Path(archive), Path(folder)
    readers = {".zip": _zip_entries, ".gz": _tar_entries}
    if archive.suffix not in readers:
        raise ArchiveError(archive, "it is neither .zip nor .tar.gz")
    names, entries_read, files, total = _Names(), 0, 0, 0
    with (
        archive.open("rb") as raw,
        tqdm(
            desc=f"Unpacking {archive.name}",
            total=archive.stat().st_size,
            unit="B",
            unit_scale=True,
            leave=False,
            disable=not progress,
        ) as bar,
    ):
        entries = readers[archive.suffix](raw, most_files)
        try:
            while (entry := _read(next, entries, None)) is not None:
                entries_read += 1
                if entries_read > most_files:
                    raise _Refused(f"it holds more than {most_files:,} files")
                target = folder.joinpath(*names.add(entry.name, entry.content is None))
                if entry.content is None:
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                files += 1
                target.parent.mkdir(parents=True, exist_ok=True)
                with entry.content, target.open("xb") as out:
                    while block := _read(entry.content.read, _BLOCK):
                        total += len(block)
                        if total > most_bytes:
                            raise _Refused(f"it unpacks to more than {most_bytes:,} bytes")
                        out.write(block)
                bar.update(max(0, raw.tell() - bar.n))
        except _Refused as refused:
            raise ArchiveError(archive, str(refused)) from None
        finally:
            entries.close()
    return files, total


def _read(call, *arguments):
    """Call something that reads the archive: whatever goes wrong in it is the archive's fault.

    Writing is done outside, so an OSError from here is not about the disk written to.
    """
    try:
        return call(*arguments)
    except UnicodeError:
        raise _Refused("a name in it is not UTF-8") from None
    except NotImplementedError as error:
        raise _Refused(f"it cannot be read: {error}") from None
    except (
        *(zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error),
        *(OSError, EOFError, ValueError, OverflowError, RuntimeError),
    ) as error:
        raise _Refused(f"damaged: {error or type(error).__name__}") from None


class _Names:
    """Checks names, one after the other, and remembers them."""

    def __init__(self):
        self._seen: dict[str, tuple[str, bool]] = {}

    def add(self, name: str, is_folder: bool) -> tuple[str, ...]:
        """The parts of a name that every system can write below a folder. Raises _Refused."""
        if len(name) > _LONGEST_NAME:
            raise _Refused(f"the name {name[:40]!r}... in it is too long")
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            raise _Refused("a name in it is not UTF-8") from None
        if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
            raise _Refused(f"it holds the absolute name {name!r}")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if ".." in parts:
            raise _Refused(f"{name!r} in it leads out of the folder")
        for part in parts:
            if _BAD_CHARACTER.search(part) or RESERVED.fullmatch(part) or part[-1] in ". ":
                raise _Refused(f"some systems cannot write the name {name!r} in it")
        if not parts and not is_folder:
            raise _Refused("a file in it has no name")
        for depth in range(1, len(parts) + 1):
            self._remember("/".join(parts[:depth]), is_folder or depth < len(parts))
        return parts

    def _remember(self, name: str, is_folder: bool) -> None:
        """Names that differ only in case, or in how accents are written, are one on some disks."""
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        known = self._seen.get(key)
        if known is None:
            self._seen[key] = (name, is_folder)
        elif known[0] != name:
            raise _Refused(f"{known[0]!r} and {name!r} in it are one name on some disks")
        elif not (known[1] and is_folder):
            raise _Refused(f"it holds {name!r} twice")


def _zip_entries(raw: IO[bytes], most_files: int) -> Iterator[_Entry]:
    listed = _listed_in_zip(raw, most_files)
    with zipfile.ZipFile(raw) as archive:
        if len(archive.infolist()) != listed:
            raise _Refused("damaged: its list of contents is cut")
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _Refused(f"{info.filename!r} in it is a link or a device")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _Refused("it is compressed in an unusual way")
            if not info.flag_bits & 0x800 and not info.orig_filename.isascii():
                raise _Refused("a name in it is not UTF-8")
            yield _Entry(info.filename, None if info.is_dir() else archive.open(info))


def _listed_in_zip(raw: IO[bytes], most_files: int) -> int:
    """How many entries a zip says it has; refused before `zipfile` reads too many into memory."""
    raw.seek(0, 2)
    raw.seek(max(0, raw.tell() - (1 << 16) - 64))
    tail = raw.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        raise _Refused("damaged: it has no list of contents")
    count, size = struct.unpack_from("<HL", tail, end + 10)
    if size > 512 * most_files or tail[max(0, end - 20) : end].startswith(b"PK\6\7"):
        raise _Refused(f"it holds more than {most_files:,} files")
    return count


class _Gzip(gzip.GzipFile):
    """tarfile reads a long name in one piece, however long it says it is: not with this."""

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LARGEST_HEADER:
            raise _Refused("a header in it is too large")
        return super().read(size)


def _tar_entries(raw: IO[bytes], most_files: int) -> Iterator[_Entry]:
    with (
        _Gzip(fileobj=raw, mode="rb") as stream,
        tarfile.TarFile(fileobj=stream, encoding="utf-8") as archive,
    ):
        for member in archive:
            if member.isdir():
                yield _Entry(member.name, None)
            elif member.isreg() and not member.issparse():
                yield _Entry(member.name, archive.extractfile(member))
            else:
                raise _Refused(f"{member.name!r} in it is a link or a device")
        # tarfile takes a damaged header for the end. After the real end come zeros, and few.
        if stream.read(_LARGEST_HEADER).strip(b"\0") or stream.read(1):
            raise _Refused("damaged: something follows its end")
