"""Asking hosts: which one answers, what it sends, when it is given up."""

import queue
import threading
import time
from collections.abc import Iterator, Sequence

import requests
import urllib3

CONNECT = 4.0
"""Seconds within which a host must answer."""
STALL = 20.0
"""Seconds after which a server that sends nothing, or next to nothing, is given up."""
SLOWEST = 1_000
"""Bytes a second; less than that over STALL seconds is next to nothing."""

_HEADERS = {"User-Agent": "transfer-learning-course", "Accept-Encoding": "identity"}
_BLOCK = 1 << 16


class Again(Exception):
    """This attempt failed; another may not."""


class GiveUp(Exception):
    """This host will not do. served: it sent the file, or a part of it."""

    def __init__(self, reason: str, served: bool = False):
        self.served = served
        super().__init__(reason)


class Refused(GiveUp):
    """This host sent a file, but not the one that was wanted."""


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


def get(url: str, headers: dict) -> requests.Response:
    """The answer to a GET request, its body not read. Raises Again or GiveUp."""
    try:
        response = requests.get(
            url, headers=_HEADERS | headers, stream=True, timeout=(CONNECT, STALL)
        )
    except requests.exceptions.ReadTimeout:
        raise GiveUp(f"sent nothing for {STALL:.0f} seconds") from None
    except requests.RequestException as error:
        raise Again(_words(error)) from None
    status = response.status_code
    if status in (200, 206, 416):
        return response
    response.close()
    if status >= 500 or status in (408, 429):
        raise Again(f"answers {status}")
    raise GiveUp(f"answers {status}{' (no such file)' if status in (404, 410) else ''}")


def blocks(response: requests.Response) -> Iterator[bytes]:
    """The body, as it comes. Raises Again where it is cut, GiveUp where it stalls."""
    since, received = time.monotonic(), 0
    while True:
        try:
            block = response.raw.read1(_BLOCK, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError:
            raise GiveUp(f"sent nothing for {STALL:.0f} seconds", True) from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise Again("cut the connection") from None
        if not block:
            return
        yield block
        received += len(block)
        if (passed := time.monotonic() - since) > STALL:
            if received < SLOWEST * passed:
                raise GiveUp(f"sends less than {SLOWEST:,} bytes a second", True)
            since, received = time.monotonic(), 0


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
