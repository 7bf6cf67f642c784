import numpy as np
import pytest

from helpers.data.decoding import as_float, decode_many


def collected(batches):
    parts = [(np.asarray(inputs), np.asarray(labels)) for inputs, labels in batches]
    return np.concatenate([p for p, _ in parts]), np.concatenate([n for _, n in parts])


def channels_last(framework, pictures: np.ndarray) -> np.ndarray:
    return pictures if framework.name == "tensorflow" else pictures.transpose(0, 2, 3, 1)


def test_batches_are_the_photographs_in_their_order(framework, photographs, small):
    batches = framework.loading.picture_batches(photographs, small, batch_size=5)
    assert len(batches) == 3
    assert [len(labels) for _, labels in batches] == [5, 5, 2]
    pictures, labels = collected(batches)
    assert pictures.dtype == np.float32 and labels.dtype == np.int64
    assert labels.tolist() == list(photographs.labels)
    wanted = as_float(decode_many(photographs.paths, small.size, small.crop))
    assert channels_last(framework, pictures) == pytest.approx(wanted, abs=1e-6)


def test_what_does_not_fit_into_memory_is_decoded_again(framework, photographs, small, monkeypatch):
    kept, _ = collected(framework.loading.picture_batches(photographs, small))
    monkeypatch.setattr(framework.loading, "MOST_BYTES_KEPT", 0)
    again, _ = collected(framework.loading.picture_batches(photographs, small))
    assert np.array_equal(kept, again)


def test_shuffling_depends_on_the_seed_and_changes_each_epoch(framework, photographs, small):
    def orders(seed):
        batches = framework.loading.picture_batches(
            photographs, small, batch_size=4, shuffle=True, seed=seed
        )
        return [collected(batches)[0] for _ in range(2)]

    first, second = orders(0)
    again = orders(0)
    assert np.array_equal(first, again[0]) and np.array_equal(second, again[1])
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, orders(1)[0])
    sums = np.sort(first.sum((1, 2, 3)))
    assert sums == pytest.approx(np.sort(second.sum((1, 2, 3))))


def test_augmentation_is_applied_and_keeps_the_range(framework, photographs, small):
    plain, _ = collected(framework.loading.picture_batches(photographs, small))
    half, labels = collected(
        framework.loading.picture_batches(photographs, small, augment=lambda x: x * 0)
    )
    assert half.shape == plain.shape and half.max() == 0
    assert labels.tolist() == list(photographs.labels)


def test_feature_batches_keep_rows_and_labels_together(framework):
    features = np.arange(30, dtype=np.float32).reshape(10, 3)
    plain, labels = collected(framework.loading.feature_batches(features, range(10), batch_size=4))
    assert np.array_equal(plain, features) and labels.tolist() == list(range(10))
    batches = framework.loading.feature_batches(features, range(10), batch_size=4, shuffle=True)
    assert len(batches) == 3
    mixed, labels = collected(batches)
    assert labels.tolist() != list(range(10)) and np.array_equal(mixed, features[labels])


def test_pictures_travel_to_the_framework_and_back(framework, photographs, small, pictures):
    loading = framework.loading
    assert np.array_equal(loading.to_numpy(loading.from_numpy(pictures)), pictures)
    whole = (pictures * 255).astype(np.uint8)
    assert np.array_equal(loading.to_numpy(loading.from_numpy(whole)), as_float(whole))
    assert loading.to_numpy(loading.from_numpy(whole[0])).shape == (1, 64, 64, 3)
    everything = loading.to_numpy(loading.pictures(photographs, small))
    assert everything.shape == (12, 64, 64, 3) and 0 <= everything.min() < everything.max() <= 1
