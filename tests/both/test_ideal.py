"""Direction, not pixels: the wanted number rises, and the network stays as it was."""

import numpy as np
import pytest

from helpers import recipes
from helpers.errors import CourseError

SIZE = 64
CAT = 284


@pytest.fixture(scope="module")
def network(framework):
    return framework.networks.load()


def paint(framework, network, name, **changes):
    recipe = recipes.RECIPES[name].but(**{"steps": 15, **changes})
    return framework.ideal.paint(network, CAT, recipe, size=SIZE, stills=3, progress=False)


@pytest.mark.parametrize("name", ["pixels", "variation", "fourier", "best"])
def test_the_probability_rises(framework, network, name):
    steps = 30 if name == "best" else 15
    painting = paint(framework, network, name, steps=steps)
    assert painting.pictures.shape == (recipes.RECIPES[name].batch, SIZE, SIZE, 3)
    assert painting.pictures.dtype == np.uint8
    first, *_, last = (painting.stills[step] for step in sorted(painting.stills))
    assert len(painting.stills) == 3 and min(painting.stills) == 0 and max(painting.stills) == steps
    assert np.array_equal(last, painting.picture)
    assert 126 < first.mean() < 129 and first.std() < 10, "it begins grey"
    before, after = framework.networks.probabilities(network, np.stack([first, last]))[:, CAT]
    assert after > 10 * before
    assert after == pytest.approx(painting.probability, abs=1e-4)


def test_the_variation_loss_is_the_sum_of_differences(framework):
    picture = np.zeros((2, 5, 6, 3), np.float32)
    picture[0, 2, 2, 0] = 1  # four neighbours, one of two pictures
    value = framework.ideal.variation_loss(framework.loading.from_numpy(picture))
    assert float(value) == pytest.approx(4 / 2)


def test_the_variation_loss_makes_a_calmer_picture(framework, network):
    def variation(painting):
        return float(
            framework.ideal.variation_loss(framework.loading.from_numpy(painting.pictures))
        )

    rough, calm = (paint(framework, network, "pixels", variation=v) for v in (0, 1e-2))
    assert variation(calm) < 0.9 * variation(rough)


def test_coefficients_become_the_picture_that_numpy_computes(framework):
    """An inverse transform with another scale would saturate the sigmoid."""
    start = recipes.start(recipes.RECIPES["best"], 2, SIZE, 0) * 50
    planes = np.fft.irfft2(
        (start[..., 0] + 1j * start[..., 1]) * recipes.scale(SIZE), (SIZE, SIZE), norm="ortho"
    )
    mixed = np.einsum("nchw,rc->nhwr", planes, recipes.COLOURS) * recipes.CONTRAST
    found = framework.ideal.from_coefficients(_tensor(framework, start))
    assert framework.loading.to_numpy(found) == pytest.approx(1 / (1 + np.exp(-mixed)), abs=1e-4)


def test_a_view_that_changes_nothing_and_one_that_shifts(framework, pictures):
    tensor = framework.loading.from_numpy(pictures)
    same = np.tile(np.float32([[1, 0, 0], [0, 1, 0]]), (3, 1, 1))
    seen = framework.loading.to_numpy(framework.ideal.view(tensor, same))
    assert seen == pytest.approx(pictures, abs=1e-5)
    same[:, 0, 2] = 2 * 5 / 64  # five pixels to the right
    seen = framework.loading.to_numpy(framework.ideal.view(tensor, same))
    assert seen[:, :, :-5] == pytest.approx(pictures[:, :, 5:], abs=1e-4)
    assert seen[:, :, -5:] == pytest.approx(0.5, abs=1e-4), "grey"


def test_a_channel_finds_what_it_looks_for(framework, network):
    recipe = recipes.RECIPES["channel"].but(steps=15)
    asked = {"size": SIZE, "progress": False}
    painted = framework.ideal.paint_channels(network, "stage3", [3, 7], recipe, **asked)
    grey = framework.ideal.paint_channels(network, "stage3", [3, 7], recipe.but(steps=1), **asked)
    assert painted.pictures.shape == (2, SIZE, SIZE, 3)
    assert (painted.scores > grey.scores + 1).all()


def test_the_same_seed_paints_the_same_picture(framework, network):
    one, same, other = (
        framework.ideal.paint(
            network,
            "siamese cat",
            recipes.RECIPES["best"].but(steps=3),
            size=SIZE,
            seed=seed,
            progress=False,
        ).picture
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)


@pytest.mark.parametrize("training", [False, True])
def test_an_interrupt_leaves_the_network_as_it_was(framework, network, monkeypatch, training):
    before, weights = _state(framework, network, training), framework.weights(network)
    calls = []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return {}

    with monkeypatch.context() as patch:
        patch.setattr(framework.ideal.tqdm, "set_postfix", interrupted, raising=True)
        with pytest.raises(KeyboardInterrupt):
            framework.ideal.paint(network, CAT, recipes.RECIPES["best"].but(steps=40), size=SIZE)
    assert len(calls) == 3
    assert _state(framework, network) == before
    for old, new in zip(weights, framework.weights(network), strict=True):
        assert np.array_equal(old, new)
    if framework.name == "pytorch":
        network.eval()


def test_bad_input_gets_a_sentence(framework, network):
    with pytest.raises(CourseError, match=r"no class called 'siamese': did you mean siamese cat"):
        framework.ideal.paint(network, "siamese")
    with pytest.raises(CourseError, match=r"no recipe 'oil': choose one of pixels"):
        framework.ideal.paint(network, CAT, "oil")
    with pytest.raises(CourseError, match="8 pixels is too small"):
        framework.ideal.paint(network, CAT, size=8)
    with pytest.raises(CourseError, match=r"no stage 'stage9'"):
        framework.ideal.paint_channels(network, "stage9", [0])
    with pytest.raises(CourseError, match=r"stage1 has no channel 99: it has channels 0 to 15"):
        framework.ideal.paint_channels(network, "stage1", [99], size=SIZE, progress=False)


def _tensor(framework, array):
    if framework.name == "tensorflow":
        return array
    import torch

    return torch.from_numpy(array)


def _state(framework, network, training: bool | None = None):
    """Modes, flags, gradients and hooks. training: first set the network to that mode."""
    if framework.name == "tensorflow":
        return [(layer.trainable, layer.name) for layer in network.layers]
    if training is not None:
        network.train(training)
        next(network.parameters()).requires_grad_(not training)
    modes = [(m.training, len(m._forward_hooks)) for m in network.modules()]
    return modes, [(p.requires_grad, p.grad is None) for p in network.parameters()]
