"""A network cut in two: the halves together are the whole, and what one learns, the whole knows."""

import numpy as np
import pytest

from helpers.errors import CourseError


@pytest.fixture
def network(framework, backbone):
    return framework.networks.classifier(backbone, 2, seed=1)


@pytest.mark.parametrize("place", ["stem", "stage7"])
def test_the_halves_answer_as_the_whole(framework, network, photographs, small, place):
    below, above = framework.networks.cut(network, place)
    batches = framework.loading.picture_batches(photographs, small, batch_size=5)
    seen, labels = framework.features.collect(below, batches, precision="float32")
    assert seen.dtype == np.float32 and labels.tolist() == list(photographs.labels)
    halves = framework.numbers(above, seen)
    whole = framework.call(network, np.concatenate([pictures(framework, b) for b in batches]))
    assert halves == pytest.approx(whole, abs=1e-4)


def pictures(framework, batch):
    return framework.loading.to_numpy(batch[0])


def test_what_the_upper_half_learns_the_network_knows(framework, photographs, small):
    networks, loading = framework.networks, framework.loading
    network = networks.classifier(networks.backbone(), 2)
    framework.freeze(networks.backbone_of(network))
    framework.freeze(networks.stage(network, "top"), frozen=False)
    below, above = networks.cut(network, "top")
    batches = loading.picture_batches(photographs, small)
    seen = loading.feature_batches(*framework.features.collect(below, batches), batch_size=4)
    averages = framework.batch_norm_averages(network)
    start = framework.training.evaluate(network, batches).loss
    framework.training.fit(above, seen, seen, epochs=3, learning_rate=1e-3, progress=False)
    assert framework.training.evaluate(network, batches).loss < start / 2
    for old, new in zip(averages, framework.batch_norm_averages(network), strict=True):
        assert np.array_equal(old, new)


def test_batch_norm_of_the_upper_half_trains_only_if_told_to(framework, photographs, small):
    networks, loading = framework.networks, framework.loading
    body = networks.backbone()
    body.batch_norm_training = True
    below, above = networks.cut(networks.classifier(body, 2), "top")
    found = framework.features.collect(below, loading.picture_batches(photographs, small))
    seen = loading.feature_batches(*found, batch_size=4)
    averages = framework.batch_norm_averages(above)
    framework.training.fit(above, seen, seen, epochs=5, learning_rate=1e-3, progress=False)
    after = framework.batch_norm_averages(above)
    assert max(np.abs(a - b).max() for a, b in zip(averages, after, strict=True)) > 1e-3


def test_a_stage_that_is_not_there_is_named(framework, network):
    with pytest.raises(CourseError, match="no stage 'stage9'"):
        framework.networks.cut(network, "stage9")


def test_speed_counts_all_batches_but_the_first(framework, backbone, monkeypatch):
    batches = [np.zeros((n, 64, 64, 3), np.uint8) for n in (4, 2, 2)]
    ticks = iter([10.0, 12.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks, 12.0))
    assert framework.features.speed(backbone, batches) == pytest.approx(4 / 2)
