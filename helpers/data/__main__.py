"""`python -m helpers.data`: list, fetch NAME, check FOLDER, mirror FOLDER."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import CourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, or 2 after an error the user can mend."""
    parser = argparse.ArgumentParser(prog="python -m helpers.data", description="Photographs.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="the sets of photographs, their size and licence")
    fetch = commands.add_parser("fetch", help="bring a set into the data folder")
    fetch.add_argument("name", metavar="NAME")
    check = commands.add_parser("check", help="list what cannot be decoded; changes nothing")
    check.add_argument("folder", metavar="FOLDER", type=Path)
    mirror = commands.add_parser("mirror", help="write what was fetched as a mirror for a class")
    mirror.add_argument("folder", metavar="FOLDER", type=Path)
    asked = parser.parse_args(arguments)
    try:
        {"list": _list, "fetch": _fetch, "check": _check, "mirror": _mirror}[asked.command](asked)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped: run it again, it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


def _list(_) -> None:
    from helpers.data.fetching import fetched
    from helpers.data.sources import SOURCES

    for source in SOURCES.values():
        there = fetched(source.name)
        state = f"in {there.folder} ({there.origin})" if there else "not fetched"
        print(
            f"{source.name}: {source.title}\n"
            f"    {source.size / 1e6:,.0f} MB, {state}\n"
            f"    licence: {source.licence}, {source.licence_url}\n"
            f"    cite: {source.citation}"
        )


def _fetch(asked) -> None:
    from helpers.data.fetching import fetch

    there = fetch(asked.name)
    print(f"{asked.name} is in {there.folder} (from: {there.origin}).")


def _check(asked) -> None:
    from helpers.data.doctor import check

    report = check(asked.folder, remember=False)
    for path, reason in report.unreadable:
        print(f"{path}: {reason}")
    for path, form in report.disguised:
        print(f"{path}: is a {form} whatever its name says, and is used")
    print(report.summary())


def _mirror(asked) -> None:
    from helpers.data.sharing import write_mirror

    written = write_mirror(asked.folder)
    print(f"{asked.folder} holds {', '.join(written.archives)} and SHA256SUMS.")
    for why in written.missing:
        print(f"Not in it: {why}.")
    print(
        f"Name it in COURSE_MIRROR, or serve it: python -m http.server --directory {asked.folder}"
    )


if __name__ == "__main__":
    sys.exit(main())
