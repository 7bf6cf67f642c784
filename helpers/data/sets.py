"""From the name of a source to a set of photographs."""

from collections.abc import Callable
from pathlib import Path

from helpers.data import doctor
from helpers.data.photographs import PhotographSet
from helpers.errors import CourseError
from helpers.notices import banner
from helpers.paths import data_folder

DEFAULT = "cats-vs-dogs-small"
DRAWN_PER_CLASS = {"cats-vs-dogs": 300, "cats-vs-dogs-small": 300, "oxford-pets": 16}
"""How many stand-ins of each class are drawn where nobody says how many."""


def load(
    name: str = DEFAULT,
    *,
    source: str = "auto",
    per_class: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> PhotographSet:
    """The photographs called `name`, checked, with labels.

    name: a key of `helpers.data.sources.SOURCES`. source: "auto" takes what is in the data
    folder, else the mirror, else the internet, else draws stand-ins and says so; "photographs"
    never draws; "drawn" only draws. per_class: at most so many of each class, chosen by `seed`;
    None takes all.

    Raises CourseError: an unknown name or source, a broken mirror, and with source="photographs"
    no host that answers.
    """
    from helpers.data import fetching, sources

    wanted = sources.source(name)
    if source not in ("auto", "photographs", "drawn"):
        raise CourseError(f'source={source!r} is unknown: choose "auto", "photographs" or "drawn".')
    if per_class is not None and per_class < 1:
        raise CourseError(f"per_class={per_class} is too few: ask for 1 or more, or None for all.")
    if source != "drawn":
        try:
            fetched = fetching.fetch(name, progress=progress)
        except fetching.Unreachable as error:
            if source == "photographs":
                raise
            _say_drawn(str(error))
        else:
            found = read_folder(name, fetched.folder, fetched.origin, progress=progress)
            return found.take(per_class, seed)
    else:
        _say_drawn('You asked for them with source="drawn".')
    return _drawn(wanted.name, per_class, seed, progress)


def read_folder(
    name: str, folder: Path | str, origin: str = "photographs", *, progress: bool = True
) -> PhotographSet:
    """An unpacked source as a set. Raises CourseError where the layout is not what it should be."""
    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder: name the folder the photographs are in.")
    listed = _LAYOUTS.get(name, _class_folders)(folder)
    if not listed:
        raise CourseError(f"{folder} holds no photographs of {name}: delete it and fetch again.")
    report = doctor.check([path for path, _, _ in listed], progress=progress)
    known = dict(zip(report.readable, report.digests, strict=True))
    kept = [entry for entry in listed if entry[0] in known]
    class_names = tuple(dict.fromkeys(label for _, label, _ in sorted(listed, key=_class_order)))
    official = tuple(part for _, _, part in kept)
    return PhotographSet(
        name=name,
        source=origin,
        class_names=class_names,
        paths=tuple(path for path, _, _ in kept),
        labels=tuple(class_names.index(label) for _, label, _ in kept),
        digests=tuple(known[path] for path, _, _ in kept),
        official=official if any(official) else (),
        unreadable=report.unreadable,
    )


def _class_order(entry) -> str:
    return entry[1].lower()


def _photographs(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix.lower() in doctor.SUFFIXES)


def _class_folders(folder: Path) -> list[tuple[Path, str, str]]:
    """One folder a class, as most people keep their own photographs."""
    classes = sorted(p for p in folder.iterdir() if p.is_dir())
    return [(path, inside.name, "") for inside in classes for path in _photographs(inside)]


def _cats_vs_dogs(folder: Path) -> list[tuple[Path, str, str]]:
    return [
        (path, label.lower(), "")
        for label in ("Cat", "Dog")
        for path in _photographs(folder / "PetImages" / label)
    ]


def _cats_vs_dogs_small(folder: Path) -> list[tuple[Path, str, str]]:
    """The published validation folder is not kept apart: the course makes its own split."""
    return [
        (path, label, "")
        for label in ("cat", "dog")
        for part in ("train", "validation")
        for path in _photographs(folder / "cats_and_dogs_filtered" / part / f"{label}s")
    ]


def _oxford_pets(folder: Path) -> list[tuple[Path, str, str]]:
    """Only listed photographs; the name before the last underscore is the breed."""
    listed = []
    for part in ("trainval", "test"):
        file = folder / "annotations" / f"{part}.txt"
        if not file.is_file():
            raise CourseError(f"{file} is missing: delete {folder} and fetch oxford-pets again.")
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                stem = line.split()[0]
                path = folder / "images" / f"{stem}.jpg"
                listed.append((path, stem.rpartition("_")[0], part))
    return listed


_LAYOUTS: dict[str, Callable[[Path], list[tuple[Path, str, str]]]] = {
    "cats-vs-dogs": _cats_vs_dogs,
    "cats-vs-dogs-small": _cats_vs_dogs_small,
    "oxford-pets": _oxford_pets,
}


def _drawn(name: str, per_class: int | None, seed: int, progress: bool) -> PhotographSet:
    from helpers.data import drawn

    if name == "oxford-pets":
        classes = {breed.name: (breed.name,) for breed in drawn.BREEDS}
    else:
        classes = {"cat": drawn.CAT_BREEDS, "dog": drawn.DOG_BREEDS}
    count = per_class or DRAWN_PER_CLASS[name]
    folder = (
        data_folder() / "drawn" / f"{'breeds' if name == 'oxford-pets' else 'cats-and-dogs'}-{seed}"
    )
    written = drawn.write(folder, classes, count, seed=seed, progress=progress)
    paths = tuple(Path(path) for path, _ in written)
    labels = tuple(label for _, label in written)
    digests = dict(zip((r := doctor.check(paths, progress=False)).readable, r.digests, strict=True))
    official: tuple[str, ...] = ()
    if name == "oxford-pets":  # half of each breed is for the test, as in the published set
        seen: dict[int, int] = {}
        parts = []
        for label in labels:
            seen[label] = seen.get(label, -1) + 1
            parts.append("test" if seen[label] % 2 else "trainval")
        official = tuple(parts)
    return PhotographSet(
        name=name,
        source="drawn",
        class_names=tuple(classes),
        paths=paths,
        labels=labels,
        digests=tuple(digests[path] for path in paths),
        official=official,
    )


def _say_drawn(why: str) -> None:
    banner(
        "DRAWN STAND-INS, NOT PHOTOGRAPHS",
        f"{why} The cats and dogs below are drawn by code. They show that everything runs; "
        "their accuracy says nothing about photographs.",
    )
