"""The doctor: opens every file once and says which ones are photographs.

Nothing is deleted, moved or changed. What cannot be decoded is listed with the reason and left
out; a PNG or GIF that calls itself `.jpg` is a good photograph and is used.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm.auto import tqdm

from helpers.data.decoding import SUFFIXES, UnreadablePhotograph, examine, threads
from helpers.errors import CourseError
from helpers.paths import data_folder

_USUAL = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF", ".bmp": "BMP"}
_USUAL |= {".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
_SAME = {"MPO": "JPEG"}  # a JPEG with a second picture behind it, as phones write

_FINDING = {"digest", "format", "reason"}


@dataclass(frozen=True)
class Report:
    """What the doctor found, in the order of the files.

    readable: photographs that decode. digests: for each of those, 32 hexadecimal digits that
    depend on the file's content alone. unreadable: (path, reason). disguised: (path, format)
    of readable ones that are not what their name says. others: files that do not call themselves
    photographs, such as `Thumbs.db`; they were not opened.
    """

    readable: tuple[Path, ...]
    digests: tuple[str, ...]
    unreadable: tuple[tuple[Path, str], ...]
    disguised: tuple[tuple[Path, str], ...]
    others: tuple[Path, ...] = ()

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{len(self.readable)} photographs can be read, {len(self.unreadable)} cannot; "
            f"{len(self.disguised)} are not the format their name says."
        )


def check(where: Path | str | Iterable, *, progress: bool = True, remember: bool = True) -> Report:
    """Open and decode every photograph of a folder (with its sub-folders), or of a list of paths.

    remember: keep what was found in the data folder, so that an unchanged file is not opened
    again (a file counts as unchanged while its path, size and time of change stay).

    Raises CourseError for a folder that does not exist.
    """
    if isinstance(where, (str, Path)):
        folder = Path(where)
        if not folder.is_dir():
            raise CourseError(f"{folder} is no folder: name the folder the photographs are in.")
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        paths = [p for p in files if p.suffix.lower() in SUFFIXES]
        others = tuple(p for p in files if p.suffix.lower() not in SUFFIXES)
    else:
        paths, others = [Path(p) for p in where], ()

    known = _Memory(paths) if remember else None
    found = [known.get(path) if known else None for path in paths]
    todo = [i for i, finding in enumerate(found) if finding is None]
    if todo:
        with ThreadPoolExecutor(threads()) as pool:
            results = pool.map(_examine, [paths[i] for i in todo])
            bar = tqdm(
                results, "Checking photographs", len(todo), disable=not progress, leave=False
            )
            for i, finding in zip(todo, bar, strict=True):
                found[i] = finding
        if known:
            known.keep(paths, found)

    pairs = list(zip(paths, found, strict=True))
    good = [(path, f) for path, f in pairs if f["reason"] is None]
    return Report(
        readable=tuple(path for path, _ in good),
        digests=tuple(f["digest"] for _, f in good),
        unreadable=tuple((path, f["reason"]) for path, f in pairs if f["reason"] is not None),
        disguised=tuple(
            (path, f["format"]) for path, f in good if f["format"] != _expected(path, f["format"])
        ),
        others=others,
    )


def _expected(path: Path, found: str) -> str:
    return _USUAL.get(path.suffix.lower(), found)


def digest(path) -> str:
    """32 hexadecimal digits that depend on a file's content alone."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _examine(path: Path) -> dict:
    """Decode one file."""
    try:
        found = examine(path)
        return {"digest": digest(path), "format": _SAME.get(found, found), "reason": None}
    except UnreadablePhotograph as error:
        return {"digest": None, "format": None, "reason": error.reason}
    except OSError as error:
        return {"digest": None, "format": None, "reason": error.strerror or "cannot be read"}


class _Memory:
    """What earlier visits found, one JSON file for each folder of photographs."""

    def __init__(self, paths: list[Path]):
        root = os.path.commonpath([p.absolute().parent for p in paths]) if paths else ""
        name = hashlib.blake2b(root.encode(), digest_size=8).hexdigest()
        self.file = data_folder() / "checked" / f"{name}.json"
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
            self.found = {key: f for key, f in found.items() if f.keys() >= _FINDING}
        except (OSError, ValueError, AttributeError):
            self.found = {}

    @staticmethod
    def _key(path: Path) -> str:
        try:
            stat = path.stat()
        except OSError:
            return str(path)
        return f"{path.absolute()}|{stat.st_size}|{stat.st_mtime_ns}"

    def get(self, path: Path) -> dict | None:
        return self.found.get(self._key(path))

    def keep(self, paths: list[Path], found: list[dict]) -> None:
        self.found.update({self._key(p): f for p, f in zip(paths, found, strict=True)})
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.file.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(json.dumps(self.found), encoding="utf-8")
            os.replace(temporary, self.file)
        except OSError:
            pass  # a memory that cannot be kept costs time, nothing else
