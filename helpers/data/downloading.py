"""One file by HTTP, whole or not at all.

The bytes go to `NAME.part`, which a later run continues where the server allows it; a note beside
it says what it is a part of, so that two versions of a file are never glued together. Only what
has the right hash (or, where none is published, the right size) takes the final name. pooch does
the check but neither continues nor survives two processes, hence these few functions on requests.
"""

import hashlib
import json
import os
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3
from tqdm.auto import tqdm

CONNECT = 4.0
"""Seconds within which a host must answer."""
STALL = 20.0
"""Seconds after which a server that sends nothing, or next to nothing, is given up."""
SLOWEST = 1_000
"""Bytes a second; less than that over STALL seconds is next to nothing."""
ATTEMPTS = 4
"""How often a host is asked again after an error of its own or a cut connection."""
PAUSE = 0.5
"""Seconds before the second attempt; doubled before each further one."""

_HEADERS = {"User-Agent": "transfer-learning-course", "Accept-Encoding": "identity"}
_BLOCK = 1 << 16
_PROGRESS = 1 << 20  # an attempt that brought this many new bytes does not count as failed


class DownloadFailed(Exception):
    """Why no host gave the file, in a few words. served: whether any host sent a part of it."""

    def __init__(self, reason: str, served: bool):
        self.reason, self.served = reason, served
        super().__init__(reason)


@dataclass(frozen=True)
class Wanted:
    """What a download must turn out to be: sha256 (None: not known) and size (None: not known);
    never more than `most_bytes`."""

    urls: tuple[str, ...]
    sha256: str | None
    size: int | None
    most_bytes: int


class _Again(Exception):
    """This attempt failed; another may not."""


class _GiveUp(Exception):
    """This host will not do. served: it sent the file, or a part of it."""

    def __init__(self, reason: str, served: bool = False):
        self.served = served
        super().__init__(reason)


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
    served = False
    for url in answering:
        try:
            _from_host(url, wanted, path, progress)
            return url
        except _GiveUp as error:
            reasons[url] = str(error)
            served = served or error.served
    told = "; ".join(dict.fromkeys(f"{urlsplit(u).hostname} {why}" for u, why in reasons.items()))
    raise DownloadFailed(told, served)


def read_text(url: str, most_bytes: int = 1 << 20) -> str:
    """A small text file, UTF-8. Raises DownloadFailed."""
    answering, silent = probe([url])
    if not answering:
        raise DownloadFailed(f"{urlsplit(url).hostname} {silent[url]}", False)
    for attempt in range(ATTEMPTS):
        try:
            with _open(url, {}) as response:
                data = b""
                for block in _blocks(response):
                    data += block
                    if len(data) > most_bytes:
                        raise DownloadFailed(f"{url} is too long", True)
                return data.decode("utf-8-sig")
        except UnicodeError:
            raise DownloadFailed(f"{url} is not text", True) from None
        except _GiveUp as error:
            raise DownloadFailed(f"{url} {error}", True) from None
        except _Again as error:
            if attempt + 1 == ATTEMPTS:
                raise DownloadFailed(f"{url} {error}", True) from None
            time.sleep(PAUSE * 2**attempt)
    raise AssertionError("unreachable")


def probe(urls: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Ask every host at once whether it is there, and wait for the first.

    Returns the URLs worth trying, the quickest first, and for each of the others the reason.
    Takes CONNECT seconds at most, even where looking up a name hangs.
    """
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask(url: str) -> None:
        try:
            limits = (CONNECT, CONNECT)
            requests.head(url, headers=_HEADERS, timeout=limits, allow_redirects=True).close()
            answers.put((url, None))
        except Exception as error:  # whatever it is, this host does not answer
            answers.put((url, _words(error)))

    for url in urls:
        threading.Thread(target=ask, args=(url,), daemon=True).start()
    silent: dict[str, str] = {}
    end = time.monotonic() + CONNECT
    while len(silent) < len(urls):
        try:
            url, reason = answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            return [], {url: silent.get(url, _words(requests.Timeout())) for url in urls}
        if reason is None:
            return [url, *(u for u in urls if u != url and u not in silent)], silent
        silent[url] = reason
    return [], silent


def _words(error: Exception) -> str:
    text = repr(error)
    if "NameResolution" in text or "getaddrinfo" in text:
        return "is not known here (no internet?)"
    if isinstance(error, requests.exceptions.SSLError):
        return "offers no safe connection"
    if isinstance(error, requests.exceptions.ProxyError):
        return "cannot be reached through the proxy"
    if isinstance(error, requests.Timeout):
        return f"does not answer within {CONNECT:.0f} seconds"
    if "refused" in text:
        return "refuses the connection"
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return "is no valid address"
    return "cannot be reached"


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
            raise _GiveUp(f"sent another file ({found}; kept as {path.name}.rejected)", True)
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
        except _Again as error:
            failed = 0 if part.offset() >= best + _PROGRESS else failed + 1
            best = max(best, part.offset())
            if failed == ATTEMPTS:
                raise _GiveUp(str(error), part.offset() > 0) from None
            time.sleep(PAUSE * 2 ** max(0, failed - 1))


def _receive(url: str, part: "_Part", wanted: Wanted, progress: bool) -> None:
    """One request: from where the part ends, if the server agrees, else from the start."""
    offset = part.offset()
    if offset and offset == part.note.get("total"):
        return
    with _open(url, part.range_headers()) as response:
        total = _total(response, offset)
        if response.status_code != 200:
            if total is None or total != part.note["total"]:
                part.forget()
                raise _Again("changed the file while it was downloaded")
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
            for block in _blocks(response):
                file.write(block)
                offset += len(block)
                bar.update(len(block))
                if offset > wanted.most_bytes:
                    part.forget()
                    raise _GiveUp(f"sends more than {wanted.most_bytes:,} bytes", True)
            file.flush()
            os.fsync(file.fileno())
        if total is not None and offset < total:
            raise _Again(f"cut the connection after {offset:,} of {total:,} bytes")


def _open(url: str, headers: dict) -> requests.Response:
    """The answer to a GET request, its body not read. Raises _Again or _GiveUp."""
    try:
        response = requests.get(
            url, headers=_HEADERS | headers, stream=True, timeout=(CONNECT, STALL)
        )
    except requests.exceptions.ReadTimeout:
        raise _GiveUp(f"sent nothing for {STALL:.0f} seconds") from None
    except requests.RequestException as error:
        raise _Again(_words(error)) from None
    status = response.status_code
    if status in (200, 206, 416):
        return response
    response.close()
    if status >= 500 or status in (408, 429):
        raise _Again(f"answers {status}")
    raise _GiveUp(f"answers {status}{' (no such file)' if status in (404, 410) else ''}")


def _total(response: requests.Response, offset: int) -> int | None:
    """The size of the whole file; None if not said, or if 206 brings another part than asked."""
    if response.status_code != 200:
        said = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        return int(said[2]) if said and int(said[1]) == offset else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """The body, as it comes. Raises _Again where it is cut, _GiveUp where it stalls."""
    since, received = time.monotonic(), 0
    while True:
        try:
            block = response.raw.read1(_BLOCK, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError:
            raise _GiveUp(f"sent nothing for {STALL:.0f} seconds", True) from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise _Again("cut the connection") from None
        if not block:
            return
        yield block
        received += len(block)
        if (passed := time.monotonic() - since) > STALL:
            if received < SLOWEST * passed:
                raise _GiveUp(f"sends less than {SLOWEST:,} bytes a second", True)
            since, received = time.monotonic(), 0


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
        etag = headers.get("ETag", "")
        version = etag if etag.startswith('"') else headers.get("Last-Modified")
        self.note = {"url": self.url, "sha256": self.sha256, "total": total, "version": version}
        fresh = self._note_path.with_suffix(".new")
        fresh.write_text(json.dumps(self.note), encoding="utf-8")
        os.replace(fresh, self._note_path)

    def forget(self) -> None:
        """Remove the part, then its note."""
        self.note = {}
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)
