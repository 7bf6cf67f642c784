"""`./run prefetch`: bring all that a class needs before it begins, photographs and weights.

It says first how much that is. What cannot be had is listed at the end, and the exit code is 1.
Run again it goes on where it stopped; what is there is not fetched twice.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers import weights
from helpers.catalogue import NETWORKS, bundled_weights, network_info
from helpers.data.fetching import fetch, fetched
from helpers.data.sets import DEFAULT
from helpers.data.sources import SOURCES, source
from helpers.errors import CourseError
from helpers.paths import data_folder, mirror


@dataclass(frozen=True)
class Item:
    """Something a class needs. size: bytes to fetch. there: whether it is on this machine."""

    title: str
    size: int
    there: bool
    bring: Callable[[], object]


def main(arguments: Sequence[str]) -> int:
    """Fetch what is missing. Returns the exit code: 0 if all is there, else 1."""
    options = argparse.ArgumentParser(prog="./run prefetch", description=__doc__)
    options.add_argument(
        "sets", nargs="*", default=[DEFAULT], help=f"photographs: {', '.join(SOURCES)} ({DEFAULT})"
    )
    options.add_argument(
        "--networks", nargs="*", default=list(NETWORKS), help="whose weights (all; none: no name)"
    )
    options.add_argument(
        "--framework", choices=tuple(weights.FILES), help="whose weights (by default both)"
    )
    asked = options.parse_args(arguments)
    needed = [_photographs(name) for name in dict.fromkeys(asked.sets)]
    for name in dict.fromkeys(asked.networks):
        needed += _weights(name, [asked.framework] if asked.framework else list(weights.FILES))
    _announce(needed)
    missing = [reason for item in needed if not item.there and (reason := _bring(item))]
    for reason in missing:
        print(f"Missing: {reason}", file=sys.stderr)
    if not missing:
        print("Everything is there.")
    return 1 if missing else 0


def _photographs(name: str) -> Item:
    wanted = source(name)
    there = fetched(name) is not None
    return Item(f"{wanted.title} ({name})", wanted.size, there, lambda: fetch(name))


def _weights(name: str, frameworks: Sequence[str]) -> list[Item]:
    info = network_info(name)
    size = info.megabytes * 1_000_000
    if info.bundled:
        try:
            there = bool(bundled_weights(info))
        except CourseError:
            there = False
        return [Item(f"{info.title}, both frameworks", size, there, lambda: bundled_weights(info))]
    return [
        Item(
            f"{info.title}, {framework}",
            size,
            weights.FILES[framework][name].path.is_file(),
            lambda framework=framework: weights.fetch(framework, name),
        )
        for framework in frameworks
    ]


def _announce(needed: Sequence[Item]) -> None:
    """Say what is there, what is to come, and whether the disk can hold it."""
    for item in needed:
        state = "is here" if item.there else "to fetch"
        print(f"{item.size / 1e6:8,.0f} MB  {state:8}  {item.title}")
    size = sum(item.size for item in needed if not item.there)
    where = data_folder()
    existing = next(folder for folder in (where, *where.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    print(
        f"{size / 1e6:8,.0f} MB  to fetch in all, from {mirror() or 'the internet'}; photographs "
        f"take the same again when unpacked; {free / 1e6:,.0f} MB free."
    )
    if size > free:
        raise CourseError(
            f"{where} has {free / 1e6:,.0f} MB free, too little for {size / 1e6:,.0f} MB: make "
            "room, or choose fewer with --networks or --framework."
        )


def _bring(item: Item) -> str | None:
    """Fetch one thing. Returns what to say if it cannot be had."""
    try:
        item.bring()
    except CourseError as error:
        return str(error)
    print(f"{item.title}: fetched", flush=True)
    return None
