"""Writing what was fetched, photographs and weights, as a mirror for a class."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tqdm.auto import tqdm

from helpers import weights
from helpers.data.downloading import matches, sha256_of
from helpers.data.failures import FetchError
from helpers.data.fetching import archives_folder, fetched
from helpers.data.mirrors import HASHES, parse_hashes
from helpers.data.sources import SOURCES
from helpers.errors import CourseError
from helpers.files import replacing


@dataclass(frozen=True)
class Written:
    """archives: the names of those now in the mirror. missing: what is not, and why."""

    archives: tuple[str, ...]
    missing: tuple[str, ...]


def write_mirror(folder: Path | str, progress: bool = True) -> Written:
    """Copy the archives of every fetched set, and fetched weights, to `folder` with SHA256SUMS.

    COURSE_MIRROR of another machine can name that folder, or its address when it is served with
    `python -m http.server`. Archives of other sets that the folder already lists stay. Raises
    CourseError where nothing was fetched yet or the folder cannot be written.
    """
    folder = Path(folder).expanduser().absolute()
    hashes, missing = _listed(folder), []
    for name in SOURCES:
        there = fetched(name)
        if there is None:
            missing.append(f"{name} was not fetched: python -m helpers.data fetch {name}")
            continue
        for entry in there.archives:
            source = _kept(entry)
            if source is None:
                missing.append(
                    f"{entry['name']} of {name} is no longer kept: delete "
                    f"{there.folder} and fetch it again"
                )
                continue
            if not matches(folder / entry["name"], entry["sha256"], entry["bytes"]):
                _copy(source, folder / entry["name"], progress)
            hashes[entry["name"]] = entry["sha256"]
    for path in weights.fetched():
        hashes[path.name] = sha256_of(path)
        if not matches(folder / path.name, hashes[path.name], None):
            _copy(path, folder / path.name, progress)
    if not hashes:
        raise CourseError(
            "There is nothing to write a mirror from: fetch a set first, "
            "for instance python -m helpers.data fetch cats-vs-dogs-small."
        )
    with replacing(folder / HASHES) as temporary:
        lines = [f"{hashes[name]}  {name}\n" for name in sorted(hashes)]
        temporary.write_text("".join(lines), encoding="utf-8", newline="\n")
    return Written(tuple(sorted(hashes)), tuple(missing))


def _listed(folder: Path) -> dict[str, str]:
    """What the mirror lists already and still holds."""
    try:
        hashes = parse_hashes((folder / HASHES).read_text(encoding="utf-8-sig"), str(folder))
    except (OSError, UnicodeError, FetchError):
        return {}
    return {name: sha256 for name, sha256 in hashes.items() if (folder / name).is_file()}


def _kept(entry: dict) -> Path | None:
    """Where a fetched archive still is: in the data folder, or in the folder it came from."""
    for path in (archives_folder() / entry["name"], Path(entry["path"])):
        if matches(path, entry["sha256"], entry["bytes"]):
            return path
    return None


def _copy(source: Path, target: Path, progress: bool) -> None:
    with (
        replacing(target) as temporary,
        source.open("rb") as inside,
        temporary.open("wb") as outside,
        tqdm.wrapattr(
            outside,
            "write",
            total=source.stat().st_size,
            desc=f"Copying {source.name}",
            leave=False,
            disable=not progress,
        ) as counted,
    ):
        shutil.copyfileobj(inside, counted, 1 << 20)
