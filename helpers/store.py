"""Features on disk: a frozen network looks at a photograph once, ever.

A store is one file of equal records, each a photograph's digest and its features. Records are only
added, in chunks, under a lock: two notebooks may write at once, an interrupted run loses at most
one chunk, both frameworks read the same file. Another split, order or number of photographs finds
its rows again, since a row is known by the photograph's content.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock

from helpers.errors import CourseError
from helpers.paths import data_folder


class FeatureStore:
    """Rows of `length` float32 numbers, known by photograph digests (32 hexadecimal digits).

    key: everything else that changes a row: network, weights, picture size, precision. folder:
    where the file is kept; by default `features` in the data folder.
    """

    def __init__(self, key: str, length: int, folder: Path | None = None):
        self.record = np.dtype([("digest", "V16"), ("features", "<f4", (length,))])
        folder = Path(folder or data_folder() / "features")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CourseError(
                f"{folder} cannot be written ({error.strerror}): set COURSE_DATA to a folder "
                "of your own."
            ) from None
        self.file = folder / f"{key}-{length}.rows"
        self.lock = FileLock(self.file.with_suffix(".lock"))

    def _chunks(self) -> Iterator[tuple[int, np.ndarray]]:
        """All whole records, 1024 at a time, each time with the first one's position.

        Mapped, not read, and let go afterwards: memory does not grow with the store. A
        half-written last record is not among them.
        """
        size = self.file.stat().st_size if self.file.exists() else 0
        count = size // self.record.itemsize
        for start in range(0, count, 1024):
            shape, offset = (min(1024, count - start),), start * self.record.itemsize
            yield start, np.memmap(self.file, self.record, "r", offset, shape)

    def rows(self, digests: Sequence[str]) -> dict[str, int]:
        """For each digest that is in the store, its position."""
        wanted = {bytes.fromhex(d): d for d in digests}
        found = {}
        for start, records in self._chunks():
            stored = records["digest"].tobytes()
            for i in range(len(records)):
                digest = wanted.get(stored[16 * i : 16 * i + 16])
                if digest is not None:
                    found[digest] = start + i
        return found

    def add(self, digests: Sequence[str], features: np.ndarray) -> None:
        """Append rows. features: float32 (b, length), finite.

        Raises CourseError for other numbers, and where nothing can be written.
        """
        if not np.isfinite(features).all():
            raise CourseError(
                "The network's features are not finite numbers, so they were not kept: "
                'try precision="float32".'
            )
        records = np.empty(len(digests), self.record)
        records["digest"] = [np.void(bytes.fromhex(d)) for d in digests]
        records["features"] = features
        try:
            with self.lock, open(self.file, "ab") as file:
                whole = file.tell() // self.record.itemsize * self.record.itemsize
                file.truncate(whole)  # what a killed process left half written
                file.write(records.tobytes())
        except OSError as error:
            raise CourseError(
                f"{self.file} cannot be written ({error.strerror or error}): make room, or set "
                "COURSE_DATA to a folder of your own."
            ) from None

    def get(self, digests: Sequence[str]) -> np.ndarray:
        """The rows of `digests`, float32 (n, length), in that order. KeyError if one is missing."""
        positions = self.rows(digests)
        order = np.fromiter((positions[d] for d in digests), np.int64, len(digests))
        out = np.empty((len(order), *self.record["features"].shape), np.float32)
        for start, records in self._chunks():
            here = np.flatnonzero((start <= order) & (order < start + len(records)))
            out[here] = records["features"][order[here] - start]
        return out


def stored_features(
    store: FeatureStore,
    digests: Sequence[str],
    compute: Callable[[list[int]], Iterator[np.ndarray]],
) -> np.ndarray:
    """Features of all photographs, float32 (n, d); only what the store lacks is computed.

    compute: takes the positions of the missing photographs and yields their features in that
    order, batch by batch, float32 (b, d). Each batch is stored before the next one is asked for.
    """
    known = store.rows(digests)
    missing = list({d: i for i, d in reversed(list(enumerate(digests))) if d not in known}.values())
    missing.sort()
    done = 0
    for batch in compute(missing) if missing else ():
        store.add([digests[i] for i in missing[done : done + len(batch)]], batch)
        done += len(batch)
    return store.get(digests)
