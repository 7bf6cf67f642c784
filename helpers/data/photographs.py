"""A set of photographs as a value: taking a few, shuffling, splitting return a new set."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from helpers.errors import CourseError


@dataclass(frozen=True)
class PhotographSet:
    """Photographs with labels.

    name: of the source. source: "photographs", "mirror" or "drawn" (stand-ins drawn by code).
    paths: the files. labels: positions in class_names. digests: content of each file, see
    `helpers.data.doctor`. official: for each photograph the part it has in a published split
    ("trainval", "test", or "" for none). unreadable: (path, reason) of what was left out.
    """

    name: str
    source: str
    class_names: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: tuple[int, ...]
    digests: tuple[str, ...]
    official: tuple[str, ...] = ()
    unreadable: tuple[tuple[Path, str], ...] = ()

    def __len__(self) -> int:
        return len(self.paths)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in list(self.counts().items())[:4])
        more = ", ..." if len(self.class_names) > 4 else ""
        return f"PhotographSet({self.name}, {self.source}: {len(self)} photographs: {counts}{more})"

    def counts(self) -> dict[str, int]:
        """How many photographs each class has."""
        counted = Counter(self.labels)
        return {name: counted[i] for i, name in enumerate(self.class_names)}

    def subset(self, positions: Sequence[int]) -> "PhotographSet":
        """The photographs at `positions`, in that order."""
        pick = [int(i) for i in positions]
        return replace(
            self,
            paths=tuple(self.paths[i] for i in pick),
            labels=tuple(self.labels[i] for i in pick),
            digests=tuple(self.digests[i] for i in pick),
            official=tuple(self.official[i] for i in pick) if self.official else (),
        )

    def take(self, per_class: int | None, seed: int = 0) -> "PhotographSet":
        """At most `per_class` photographs of each class, chosen by `seed`; None takes all."""
        if per_class is None:
            return self
        if per_class < 1:
            raise CourseError(
                f"Taking {per_class} photographs of a class is not possible: ask for 1 or more."
            )
        left = Counter()
        chosen = []
        for i in np.random.default_rng(seed).permutation(len(self)):
            left[self.labels[i]] += 1
            if left[self.labels[i]] <= per_class:
                chosen.append(i)
        return self.subset(sorted(chosen))

    def only(self, class_names: Sequence[str]) -> "PhotographSet":
        """The photographs of these classes, labelled by their position in `class_names`."""
        unknown = [name for name in class_names if name not in self.class_names]
        if unknown:
            raise CourseError(
                f"{self.name} has no class {unknown[0]!r}: it has {', '.join(self.class_names)}."
            )
        new = {self.class_names.index(name): i for i, name in enumerate(class_names)}
        part = self.subset([i for i, label in enumerate(self.labels) if label in new])
        return replace(
            part, class_names=tuple(class_names), labels=tuple(new[label] for label in part.labels)
        )

    def shuffled(self, seed: int) -> "PhotographSet":
        """The same photographs in an order that depends on `seed` alone."""
        return self.subset(np.random.default_rng(seed).permutation(len(self)))

    def split(self, validation: float = 0.2, test: float = 0.2, seed: int = 0) -> "Split":
        """Train, validation and test sets, stratified by class.

        validation, test: fractions of the whole, in [0, 1). Files with equal content never stand
        on two sides. Where the set has a published split, its test photographs are the test set
        and `validation` is taken from the others. Raises CourseError where a class has too few
        photographs to stand on every side.
        """
        if not (0 <= validation < 1 and 0 <= test < 1 and validation + test < 1):
            raise CourseError(
                f"validation={validation} and test={test} leave nothing to train on: "
                "choose fractions whose sum is below 1."
            )
        if any(self.official):
            tested = {
                d for d, part in zip(self.digests, self.official, strict=True) if part == "test"
            }
            inside = [
                i for i, d in enumerate(self.digests) if d in tested and self.official[i] == "test"
            ]
            rest = [
                i
                for i, d in enumerate(self.digests)
                if d not in tested and self.official[i] == "trainval"
            ]
            sides = _stratified(self, rest, (validation,), seed)
            train, chosen = sides
            return Split(self.subset(train), self.subset(chosen), self.subset(inside))
        train, chosen, held = _stratified(self, range(len(self)), (validation, test), seed)
        return Split(self.subset(train), self.subset(chosen), self.subset(held))


@dataclass(frozen=True)
class Split:
    """Three sets with no photograph in common, not even a copy under another name."""

    train: PhotographSet
    validation: PhotographSet
    test: PhotographSet

    def counts(self) -> dict[str, int]:
        """Photographs in each part."""
        return {part: len(getattr(self, part)) for part in ("train", "validation", "test")}


def _stratified(photographs, positions, fractions, seed) -> list[list[int]]:
    """Positions for the rest and for each fraction; equal digests stay together."""
    by_class: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    home: dict[str, int] = {}  # a copy that carries another label goes where its twin goes
    for i in positions:
        digest = photographs.digests[i]
        label = home.setdefault(digest, photographs.labels[i])
        by_class[label][digest].append(i)
    rng = np.random.default_rng(seed)
    sides: list[list[int]] = [[] for _ in range(len(fractions) + 1)]
    for label in sorted(by_class):
        groups = [by_class[label][d] for d in sorted(by_class[label])]
        order = rng.permutation(len(groups))
        wanted = [math.floor(f * len(groups) + 0.5) if f else 0 for f in fractions]
        wanted = [max(1, w) if f else 0 for w, f in zip(wanted, fractions, strict=True)]
        if sum(wanted) >= len(groups):
            raise CourseError(
                f"{photographs.class_names[label]} has only {len(groups)} different photographs, "
                f"too few for {len(sides)} parts: take more photographs of each class."
            )
        start = 0
        for side, count in zip(sides[1:], wanted, strict=True):
            for g in order[start : start + count]:
                side.extend(groups[g])
            start += count
        for g in order[start:]:
            sides[0].extend(groups[g])
    return [sorted(side) for side in sides]
