import numpy as np
import pytest

from helpers import examples, perturbations


@pytest.fixture
def pictures():
    return np.stack([examples.picture(name, 64) for name in examples.NAMES])


def test_png_keeps_whole_levels_and_jpeg_does_not(pictures):
    assert np.array_equal(perturbations.saved(pictures / np.float32(255)), pictures)
    losses = [
        np.abs(perturbations.saved(pictures, "JPEG", quality).astype(int) - pictures).mean()
        for quality in (90, 50)
    ]
    assert 0 < losses[0] < losses[1]


def test_a_change_is_counted_in_levels_and_amplified_around_grey(pictures):
    after = pictures / np.float32(255)
    after[0, 0, 0, 0] = (pictures[0, 0, 0, 0] + 3.4 * (-1) ** (pictures[0, 0, 0, 0] > 99)) / 255
    assert perturbations.largest_change(pictures, after) == 3
    shown, factor = perturbations.amplified(pictures[0], after[0])
    assert factor == 42 and abs(shown[0, 0, 0] - 0.5) == pytest.approx(126 / 255, abs=1e-6)
    assert (shown[1:] == 0.5).all()


def test_resized(pictures):
    assert perturbations.resized(pictures, 0.5).shape == (3, 32, 32, 3)
    assert np.array_equal(perturbations.resized(pictures, 1), pictures)


def test_outcome():
    ended = perturbations.outcome(np.array([[0.9, 0.1], [0.3, 0.7]]), 1)
    assert ended.success_rate == 0.5 and ended.mean_confidence == pytest.approx(0.4)
