"""What the tests of fetching share."""

import hashlib
from pathlib import Path

from loopback import SMALL

from helpers.data.fetching import fetch, fetched


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
