"""Features are computed once, survive a kill, and are found again in any order."""

import errno
import multiprocessing
import os
import random
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers.errors import CourseError
from helpers.store import FeatureStore, stored_features


def digests(numbers):
    return [f"{n:032x}" for n in numbers]


def rows(numbers):
    return np.array([[n, n + 0.5, -n] for n in numbers], np.float32)


class Computed:
    """Counts what is asked for; stops after `stop` batches as an interrupt would."""

    def __init__(self, numbers, batch=4, stop=None):
        self.numbers, self.batch, self.stop, self.asked = numbers, batch, stop, []

    def __call__(self, missing):
        for count, start in enumerate(range(0, len(missing), self.batch)):
            if count == self.stop:
                raise KeyboardInterrupt
            part = missing[start : start + self.batch]
            self.asked += part
            yield rows([self.numbers[i] for i in part])


def test_computed_once_in_any_order(tmp_path):
    store = FeatureStore("net", 3, tmp_path)
    first = Computed(range(10))
    assert (stored_features(store, digests(range(10)), first) == rows(range(10))).all()
    order = [7, 3, 12, 3, 11]
    second = Computed(order)
    assert (stored_features(store, digests(order), second) == rows(order)).all()
    assert [order[i] for i in second.asked] == [12, 11]


def test_an_interrupted_run_goes_on(tmp_path):
    store = FeatureStore("net", 3, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        stored_features(store, digests(range(10)), Computed(range(10), stop=2))
    rest = Computed(range(10))
    assert (stored_features(store, digests(range(10)), rest) == rows(range(10))).all()
    assert rest.asked == [8, 9]


def test_a_half_written_record_is_not_read_and_not_kept(tmp_path):
    store = FeatureStore("net", 3, tmp_path)
    store.add(digests([1, 2]), rows([1, 2]))
    with open(store.file, "ab") as file:
        file.write(b"half a record")
    assert set(store.rows(digests([1, 2, 3]))) == set(digests([1, 2]))
    store.add(digests([3]), rows([3]))
    assert (store.get(digests([3, 1, 2])) == rows([3, 1, 2])).all()


def test_keys_keep_apart(tmp_path):
    FeatureStore("a", 3, tmp_path).add(digests([1]), rows([1]))
    assert FeatureStore("b", 3, tmp_path).rows(digests([1])) == {}


def test_numbers_that_are_none_are_refused(tmp_path):
    store = FeatureStore("net", 3, tmp_path)
    with pytest.raises(CourseError, match="not finite"):
        store.add(digests([1]), np.array([[1, np.nan, 2]], np.float32))
    assert store.rows(digests([1])) == {}


def wide(numbers):
    return np.repeat(np.array(numbers, np.float32)[:, None], 5000, 1)


def _add(folder, start, begin):
    store = FeatureStore("net", 5000, folder)
    begin.wait()
    for n in range(start, start + 100, 2):
        store.add(digests([n, n + 1]), wide([n, n + 1]))


def test_feature_stores_written_by_several_processes(tmp_path, faults):
    context = multiprocessing.get_context("spawn")
    starts = range(0, 100 * faults.amount(4, 8), 100)
    begin = context.Barrier(len(starts))
    workers = [context.Process(target=_add, args=(tmp_path, start, begin)) for start in starts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    store = FeatureStore("net", 5000, tmp_path)
    for start in starts:
        with faults.one(f"rows from {start}"):
            numbers = range(start, start + 100)
            assert (store.get(digests(numbers)) == wide(numbers)).all()


WRITER = """
import sys
import numpy as np
from helpers.store import FeatureStore
store = FeatureStore("net", 2000, sys.argv[1])
for start in range(int(sys.argv[2]), 1 << 30, 16):
    numbers = range(start, start + 16)
    store.add([f"{n:032x}" for n in numbers], np.array([[n] * 2000 for n in numbers], np.float32))
    print(numbers[-1], flush=True)
"""


def test_feature_stores_killed_while_writing(tmp_path, faults):
    """Whatever was reported as written is there and right; the next writer goes on."""
    moments, start = random.Random(3), 0
    for _ in range(faults.amount(5, 50)):
        with faults.one(f"killed after row {start}"):
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path), str(start)], stdout=subprocess.PIPE
            )
            writer.stdout.readline()
            time.sleep(moments.uniform(0, 0.05))
            writer.kill()
            start = int([str(start + 15), *writer.communicate()[0].split()][-1]) + 1
            store = FeatureStore("net", 2000, tmp_path)
            found = store.get(digests(range(start)))
            assert (found == np.arange(start, dtype=np.float32)[:, None]).all()
            start = len(store.rows(digests(range(start + 1000))))  # some were not yet reported


READER = """
import sys
from helpers.results import peak_memory_mb
from helpers.store import FeatureStore
store = FeatureStore("net", 4000, sys.argv[1])
before = peak_memory_mb()
assert len(store.rows([f"{n:032x}" for n in range(8000)])) == 8000
found = store.get([f"{n:032x}" for n in range(7999, 0, -80)])
assert found[:, 0].tolist() == list(range(7999, 0, -80))
print(peak_memory_mb() - before)
"""


def test_memory_does_not_grow_with_the_store(tmp_path):
    store = FeatureStore("net", 4000, tmp_path)
    for start in range(0, 8000, 1000):
        numbers = range(start, start + 1000)
        features = np.repeat(np.arange(start, start + 1000, dtype=np.float32)[:, None], 4000, 1)
        store.add(digests(numbers), features)
    assert store.file.stat().st_size > 128e6
    reader = subprocess.run(
        [sys.executable, "-c", READER, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(reader.stdout) < 50


def test_a_full_disk(tmp_path, monkeypatch):
    class Full:
        def __init__(self, *_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = FeatureStore("net", 3, tmp_path)
    store.add(digests([1]), rows([1]))
    with monkeypatch.context() as patch:
        patch.setattr("helpers.store.open", Full, raising=False)
        with pytest.raises(CourseError, match=r"No space left .*: make room"):
            store.add(digests([2]), rows([2]))
    store.add(digests([2]), rows([2]))
    assert (store.get(digests([2, 1])) == rows([2, 1])).all()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CourseError, match="set COURSE_DATA"):
        FeatureStore("net", 3, tmp_path / "file" / "features")
