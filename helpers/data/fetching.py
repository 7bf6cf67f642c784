"""Bringing a set of photographs into the data folder, whole or not at all.

The archives come from the classroom mirror if one is named, else from the internet. They are
checked, unpacked to a temporary folder and put in place by one rename; `SOURCE.json` inside says
where they came from. However a run ends, the next one finds either the whole set or none of it.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.data import mirrors
from helpers.data.archives import ArchiveError, unpack
from helpers.data.downloading import DownloadFailed, Wanted, download, matches, sha256_of
from helpers.data.failures import FetchError, Unreachable
from helpers.data.sources import Archive, Source, source
from helpers.paths import data_folder, mirror

__all__ = ["FetchError", "Fetched", "Unreachable", "archives_folder", "fetch", "fetched"]

MARKER = "SOURCE.json"


@dataclass(frozen=True)
class Fetched:
    """A whole set. folder: where it is. origin: "photographs" (the internet) or "mirror".

    archives: for each archive its name, sha256, bytes and the path it was unpacked from.
    """

    folder: Path
    origin: str
    archives: tuple[dict, ...] = ()


def archives_folder() -> Path:
    """Where downloaded archives are kept, so that a mirror can be written from them."""
    return data_folder() / "archives"


def fetched(name: str) -> Fetched | None:
    """The set `name` if it is in the data folder, whole; None if not."""
    folder = data_folder() / source(name).name
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        archives = tuple(
            {key: entry[key] for key in ("name", "sha256", "bytes", "path")}
            for entry in marker["archives"]
        )
        if marker["source"] == name and marker["origin"] in ("photographs", "mirror") and archives:
            return Fetched(folder, marker["origin"], archives)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def fetch(name: str, *, progress: bool = True) -> Fetched:
    """The set `name`: from the data folder, else the mirror COURSE_MIRROR names, else the internet.

    Several processes may ask at once: one fetches, the others wait for it. Raises Unreachable
    where no host gives the archives, FetchError where a mirror is named but broken, a file is not
    what it should be or nothing can be written, and ArchiveError for an unsound archive.
    """
    wanted = source(name)
    if there := fetched(name):
        return there
    with _about_the_disk(name), _alone(name, progress):
        if there := fetched(name):  # another process was quicker
            return there
        folder = data_folder() / name
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        if os.path.lexists(folder):
            raise FetchError(
                f"{folder} is in the way (it is not a whole set that this course unpacked): "
                "move it elsewhere and fetch again."
            )
        if named := mirror():
            origin, paths = "mirror", _from_mirror(wanted, named, progress)
        else:
            origin, paths = "photographs", _from_internet(wanted, progress)
        return _unpack(wanted, origin, paths, folder, progress)


@contextmanager
def _alone(name: str, progress: bool) -> Iterator[None]:
    """Hold the lock of this set. It is the system's lock: a killed process leaves none behind."""
    archives_folder().mkdir(parents=True, exist_ok=True)
    lock = FileLock(archives_folder() / f".{name}.lock")
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        if progress:
            print(f"Another process is fetching {name}: waiting for it.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _from_mirror(wanted: Source, named: str, progress: bool) -> list[Path]:
    """The archives from the classroom mirror. A broken mirror is an error, never passed over."""
    hashes = mirrors.read_hashes(named)
    for archive in wanted.archives:
        if archive.name not in hashes:
            raise FetchError(
                f"The mirror {named} lists no {archive.name} in its {mirrors.HASHES}, which "
                f"{wanted.name} needs: ask whoever keeps it, or unset COURSE_MIRROR."
            )
    if mirrors.is_url(named):

        def failure(error: DownloadFailed) -> FetchError:
            again = "run it again, it goes on where it stopped" if error.served else "run it again"
            then = "" if error.refused else f"{again}, or "
            return FetchError(
                f"The mirror {named} does not give {wanted.name} ({error.reason}): "
                f"{then}ask whoever keeps the mirror, or unset COURSE_MIRROR."
            )

        return [
            _kept_or_downloaded(
                archive,
                Wanted(
                    (mirrors.url_of(named, archive.name),),
                    hashes[archive.name],
                    None,
                    archive.most_bytes,
                ),
                failure,
                progress,
            )
            for archive in wanted.archives
        ]
    paths = [mirrors.folder_of(named) / archive.name for archive in wanted.archives]
    for path in paths:
        if not path.is_file():
            raise FetchError(
                f"{path} is missing though {mirrors.HASHES} lists it: copy it into the mirror "
                "again, or unset COURSE_MIRROR."
            )
        if not matches(path, hashes[path.name], None):
            raise FetchError(
                f"{path} is not the file that {mirrors.HASHES} describes (its SHA-256 differs): "
                "copy it into the mirror again, or unset COURSE_MIRROR."
            )
    return paths


def _from_internet(wanted: Source, progress: bool) -> list[Path]:
    def failure(error: DownloadFailed) -> FetchError:
        if error.refused:
            return FetchError(
                f"{wanted.name} was refused ({error.reason}): it was changed by its publisher or "
                "on the way, so try again later, or name a mirror in COURSE_MIRROR."
            )
        if error.served:
            return FetchError(
                f"{wanted.name} could not be fetched ({error.reason}): run it again, it goes on "
                "where it stopped, or name a mirror in COURSE_MIRROR."
            )
        return Unreachable(
            f"{wanted.name} cannot be fetched ({error.reason}): check the connection, or name "
            'a mirror in COURSE_MIRROR, or take source="drawn".'
        )

    return [
        _kept_or_downloaded(
            archive,
            Wanted(archive.urls, archive.sha256, archive.size, archive.most_bytes),
            failure,
            progress,
        )
        for archive in wanted.archives
    ]


def _kept_or_downloaded(archive: Archive, wanted: Wanted, failure, progress: bool) -> Path:
    path = archives_folder() / archive.name
    if not matches(path, wanted.sha256, wanted.size):
        try:
            download(wanted, path, progress=progress)
        except DownloadFailed as error:
            raise failure(error) from None
    return path


def _unpack(
    wanted: Source, origin: str, paths: list[Path], folder: Path, progress: bool
) -> Fetched:
    """Unpack to a temporary folder beside `folder`, write the marker, rename."""
    temporary = folder.with_name(f".{wanted.name}.unpacking")
    shutil.rmtree(temporary, ignore_errors=True)  # a killed run's; we hold the lock
    temporary.mkdir()
    try:
        for archive, path in zip(wanted.archives, paths, strict=True):
            try:
                unpack(
                    path,
                    temporary,
                    most_bytes=archive.most_bytes,
                    most_files=archive.most_files,
                    progress=progress,
                )
            except ArchiveError:
                if path.parent == archives_folder():  # else the next run would take it again
                    os.replace(path, path.with_name(f"{path.name}.rejected"))
                raise
        archives = tuple(
            {
                "name": path.name,
                "sha256": sha256_of(path),
                "bytes": path.stat().st_size,
                "path": str(path.absolute()),
            }
            for path in paths
        )
        marker = {"source": wanted.name, "origin": origin, "archives": archives}
        with (temporary / MARKER).open("w", encoding="utf-8") as file:
            json.dump(marker, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, folder)
        return Fetched(folder, origin, archives)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _about_the_disk(name: str) -> Iterator[None]:
    """Say in one sentence what the file system refuses."""
    try:
        yield
    except OSError as error:
        where = data_folder()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(where).free // 1_000_000
            why = f"the disk is full, {free} MB free"
            then = "make room, or name a folder on another disk in COURSE_DATA"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            why = f"no permission for {error.filename or where}"
            then = "name a folder of your own in COURSE_DATA"
        elif error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY):
            why = f"{error.filename or 'something'} is in the way"
            then = "move it elsewhere, or name another folder in COURSE_DATA"
        else:
            why = f"{error.filename or 'the disk'}: {error.strerror or error}"
            then = "mend that, or name another folder in COURSE_DATA"
        raise FetchError(f"{name} cannot be kept in {where} ({why}): {then}.") from None
