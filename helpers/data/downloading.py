"""One file by HTTP, whole or not at all.

The bytes go to `NAME.part`, which a later run continues where the server allows it; a note beside
it says what it is a part of, so that two versions of a file are never glued together. Only what
has the right hash (or, where none is published, the right size) takes the final name. pooch does
the check but neither continues nor survives two processes, hence these few functions on requests.
"""

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from tqdm.auto import tqdm

from helpers.data.hosts import Again, GiveUp, Refused, blocks, get, probe

ATTEMPTS = 4
"""How often a host is asked again after an error of its own or a cut connection."""
PAUSE = 0.5
"""Seconds before the second attempt; doubled before each further one."""

_PROGRESS = 1 << 20  # an attempt that brought this many new bytes does not count as failed


class DownloadFailed(Exception):
    """Why no host gave the file, in a few words.

    served: whether any host sent a part of it. refused: whether one sent another file.
    """

    def __init__(self, reason: str, served: bool = False, refused: bool = False):
        self.reason, self.served, self.refused = reason, served, refused
        super().__init__(reason)


@dataclass(frozen=True)
class Wanted:
    """What a download must turn out to be: sha256 (None: not known) and size (None: not known);
    never more than `most_bytes`."""

    urls: tuple[str, ...]
    sha256: str | None
    size: int | None
    most_bytes: int


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def matches(path: Path, sha256: str | None, size: int | None) -> bool:
    """Whether `path` is a file of this size and hash; what is None is not compared."""
    if not path.is_file() or (size is not None and path.stat().st_size != size):
        return False
    return sha256 is None or sha256_of(path) == sha256


def download(wanted: Wanted, path: Path, *, progress: bool = True) -> str:
    """Bring a file to `path`, continuing `path`.part if there is one. Returns the URL it came from.

    The hosts are asked in turn, the one that answers first first. A file that is not what was
    wanted is kept as `path`.rejected. Raises DownloadFailed, and OSError where writing fails.
    """
    answering, silent = probe(wanted.urls)
    reasons = dict(silent)
    served = refused = False
    for url in answering:
        try:
            _from_host(url, wanted, path, progress)
            return url
        except GiveUp as error:
            reasons[url] = str(error)
            served |= error.served
            refused |= isinstance(error, Refused)
    told = "; ".join(dict.fromkeys(f"{urlsplit(u).hostname} {why}" for u, why in reasons.items()))
    raise DownloadFailed(told, served, refused)


def read_text(url: str, most_bytes: int = 1 << 20) -> str:
    """A small text file, UTF-8. Raises DownloadFailed."""
    answering, silent = probe([url])
    if not answering:
        raise DownloadFailed(f"{urlsplit(url).hostname} {silent[url]}")
    for attempt in range(ATTEMPTS):
        try:
            with get(url, {}) as response:
                data = b""
                for block in blocks(response):
                    data += block
                    if len(data) > most_bytes:
                        raise DownloadFailed(f"{url} is too long")
                return data.decode("utf-8-sig")
        except UnicodeError:
            raise DownloadFailed(f"{url} is not text") from None
        except GiveUp as error:
            raise DownloadFailed(f"{url} {error}") from None
        except Again as error:
            if attempt + 1 == ATTEMPTS:
                raise DownloadFailed(f"{url} {error}") from None
            time.sleep(PAUSE * 2**attempt)
    raise AssertionError("unreachable")


def _from_host(url: str, wanted: Wanted, path: Path, progress: bool) -> None:
    """Download from one host, again where that may help, and check what came."""
    part = _Part(path, url, wanted)
    resumed = part.offset() > 0
    while True:
        _with_patience(url, part, wanted, progress)
        found = _difference(part.path, wanted)
        if found is None:
            os.replace(part.path, path)
            part.forget()
            return
        if not resumed:
            os.replace(part.path, path.with_name(f"{path.name}.rejected"))
            part.forget()
            raise Refused(f"sent another file ({found}; kept as {path.name}.rejected)", True)
        resumed = False  # the beginning may be from an older file: once more from the start
        part.forget()


def _difference(path: Path, wanted: Wanted) -> str | None:
    """What is wrong with a downloaded file, in a few words; None if nothing."""
    size = path.stat().st_size
    if wanted.size is not None and size != wanted.size:
        return f"{size:,} bytes instead of {wanted.size:,}"
    if wanted.sha256 is not None and (found := sha256_of(path)) != wanted.sha256:
        return f"SHA-256 {found[:12]}... instead of {wanted.sha256[:12]}..."
    return None


def _with_patience(url: str, part: "_Part", wanted: Wanted, progress: bool) -> None:
    """Receive the whole file into the part; a cut connection or a 503 is tried again."""
    failed, best = 0, part.offset()
    while True:
        try:
            return _receive(url, part, wanted, progress)
        except Again as error:
            failed = 0 if part.offset() >= best + _PROGRESS else failed + 1
            best = max(best, part.offset())
            if failed == ATTEMPTS:
                here = f" after {part.offset():,} bytes" if part.offset() else ""
                raise GiveUp(f"{error}{here}", bool(here)) from None
            time.sleep(PAUSE * 2 ** max(0, failed - 1))


def _receive(url: str, part: "_Part", wanted: Wanted, progress: bool) -> None:
    """One request: from where the part ends, if the server agrees, else from the start."""
    offset = part.offset()
    if offset and offset == part.note.get("total"):
        return
    with get(url, part.range_headers()) as response:
        total = _total(response, offset)
        if response.status_code != 200:
            if total is None or total != part.note["total"] or part.is_another(response.headers):
                part.forget()
                raise Again("changed the file while it was downloaded")
        else:
            offset = 0
            part.begin(total, response.headers)
        bar = tqdm(
            desc=f"Downloading {part.name}",
            total=total,
            initial=offset,
            unit="B",
            unit_scale=True,
            leave=False,
            disable=not progress,
        )
        with bar, part.path.open("ab") as file:
            for block in blocks(response):
                file.write(block)
                offset += len(block)
                bar.update(len(block))
                if offset > wanted.most_bytes:
                    break
            file.flush()
            os.fsync(file.fileno())
        if offset > wanted.most_bytes:
            part.forget()
            raise Refused(f"sends more than {wanted.most_bytes:,} bytes", True)
        if total is not None and offset < total:
            raise Again("cut the connection")


def _total(response: requests.Response, offset: int) -> int | None:
    """The size of the whole file; None if not said, or if 206 brings another part than asked."""
    if response.status_code != 200:
        said = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        return int(said[2]) if said and int(said[1]) == offset else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _version(headers) -> str | None:
    """What a host calls this version of a file: a strong ETag, or a date."""
    etag = headers.get("ETag", "")
    return etag if etag.startswith('"') else headers.get("Last-Modified")


class _Part:
    """`NAME.part` and its note: where it comes from, how large the whole is, which version."""

    def __init__(self, path: Path, url: str, wanted: Wanted):
        self.name, self.url, self.sha256 = path.name, url, wanted.sha256
        self.path = path.with_name(f"{path.name}.part")
        self._note_path = path.with_name(f"{path.name}.part.json")
        try:
            self.note = json.loads(self._note_path.read_text(encoding="utf-8"))
            useful = self.note["sha256"] == self.sha256 and (
                self.sha256 is not None or (self.note["url"] == url and self.note["version"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            useful = False
        if not useful:
            self.forget()

    def offset(self) -> int:
        """How many bytes are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def range_headers(self) -> dict[str, str]:
        """Ask for the rest, and for the whole if this host's file has changed since."""
        if not (offset := self.offset()):
            return {}
        headers = {"Range": f"bytes={offset}-"}
        if self.note["url"] == self.url and self.note["version"]:
            headers["If-Range"] = self.note["version"]
        return headers

    def begin(self, total: int | None, headers) -> None:
        """Start from nothing: first the old part goes, then the note says what comes."""
        self.forget()
        note = {"url": self.url, "sha256": self.sha256, "total": total}
        self.note = note | {"version": _version(headers)}
        fresh = self._note_path.with_suffix(".new")
        fresh.write_text(json.dumps(self.note), encoding="utf-8")
        os.replace(fresh, self._note_path)

    def is_another(self, headers) -> bool:
        """Whether this host now has another version (it should have seen that from If-Range)."""
        return self.note["url"] == self.url and self.note["version"] != _version(headers)

    def forget(self) -> None:
        """Remove the part, then its note."""
        self.note = {}
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)
