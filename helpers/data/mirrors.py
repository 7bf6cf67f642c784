"""Classroom mirrors: a folder, or a URL, with archives and their `SHA256SUMS`."""

import re
from pathlib import Path
from urllib.parse import quote

from helpers.data.downloading import DownloadFailed, read_text
from helpers.data.failures import FetchError

HASHES = "SHA256SUMS"


def is_url(named: str) -> bool:
    """Whether COURSE_MIRROR names a URL; else it is a folder."""
    return named.lower().startswith(("http://", "https://"))


def url_of(named: str, file_name: str) -> str:
    """The address of a file of the mirror."""
    return f"{named.rstrip('/')}/{quote(file_name)}"


def folder_of(named: str) -> Path:
    """The mirror's folder."""
    return Path(named).expanduser().absolute()


def read_hashes(named: str) -> dict[str, str]:
    """File name to SHA-256, as the mirror's `SHA256SUMS` says. Raises FetchError."""
    if is_url(named):
        try:
            text = read_text(url_of(named, HASHES))
        except DownloadFailed as error:
            raise FetchError(
                f"The mirror {named} does not give its {HASHES} ({error.reason}): check "
                "COURSE_MIRROR, ask whoever keeps the mirror, or unset COURSE_MIRROR."
            ) from None
        return parse_hashes(text, named)
    folder = folder_of(named)
    if not folder.is_dir():
        raise FetchError(
            f"COURSE_MIRROR names {folder}, which is no folder: name the mirror's folder or URL, "
            "or unset COURSE_MIRROR."
        )
    try:
        text = (folder / HASHES).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError):
        raise FetchError(
            f"The mirror {folder} has no {HASHES} that can be read: write the mirror with "
            "python -m helpers.data mirror FOLDER, or unset COURSE_MIRROR."
        ) from None
    return parse_hashes(text, str(folder))


def parse_hashes(text: str, where: str) -> dict[str, str]:
    """What `sha256sum` writes: a hash, then a name, a line each. Raises FetchError."""
    hashes = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        said = re.fullmatch(r"([0-9a-fA-F]{64}) [ *](?:\./)?(\S.*?)\s*", line)
        if not said:
            raise FetchError(
                f"Line {number} of {HASHES} in the mirror {where} is not a hash and a file name: "
                "write it again with sha256sum, or unset COURSE_MIRROR."
            )
        hashes[said[2]] = said[1].lower()
    return hashes
