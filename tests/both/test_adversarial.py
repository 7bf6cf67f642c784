import numpy as np
import pytest

from helpers import examples, imagenet, perturbations
from helpers.errors import CourseError

CAT = imagenet.find("Siamese cat")
SIZE = 128


@pytest.fixture(scope="module")
def network(framework):
    return framework.networks.load()


@pytest.fixture(scope="module")
def dogs():
    return np.stack([examples.picture(name, SIZE) for name in examples.DOGS])


def test_dogs_become_cats_within_the_bound_and_after_saving(framework, network, dogs):
    before = framework.networks.probabilities(network, dogs).argmax(1)
    assert all(answer in imagenet.DOGS for answer in before)
    found = framework.adversarial.attack(network, dogs, "Siamese cat", progress=False)
    assert found.dtype == np.float32 and found.shape == dogs.shape
    assert np.abs(found - dogs / np.float32(255)).max() <= 2 / 255 + 1e-6
    assert found.min() >= 0 and found.max() <= 1
    kept = perturbations.saved(found)
    assert perturbations.largest_change(dogs, kept) == 2
    ended = perturbations.outcome(framework.networks.probabilities(network, kept), CAT)
    assert ended.success_rate == 1 and ended.mean_confidence > 0.97


def test_a_smaller_bound_changes_less_and_convinces_less(framework, network, dogs):
    confidence = []
    for levels in (1, 4):
        found = framework.adversarial.attack(
            network, dogs, CAT, epsilon=levels / 255, steps=3, progress=False
        )
        kept = perturbations.saved(found)
        assert perturbations.largest_change(dogs, kept) <= levels
        probabilities = framework.networks.probabilities(network, kept)
        confidence.append(perturbations.outcome(probabilities, CAT).mean_confidence)
    assert confidence[0] < confidence[1]


def test_without_a_bound_the_values_are_still_a_picture(framework, network, dogs):
    found = framework.adversarial.attack(
        network, dogs[:1], CAT, epsilon=None, steps=4, progress=False
    )
    assert found.min() >= 0 and found.max() <= 1
    assert perturbations.largest_change(dogs[:1], found) > 8
    assert framework.networks.probabilities(network, found)[0, CAT] > 0.99


def test_one_step_away_lowers_the_own_class(framework, network, dogs):
    found = framework.adversarial.one_step(network, dogs, [243, 251], epsilon=2 / 255)
    assert perturbations.largest_change(dogs, found) == 2
    own = [framework.networks.probabilities(network, p) for p in (dogs, found)]
    assert (own[1][[0, 1], [243, 251]] < own[0][[0, 1], [243, 251]]).all()


def test_two_networks_at_once(framework, network, dogs):
    second = framework.networks.load("efficientnet_lite1")
    one = framework.adversarial.attack(network, dogs, CAT, progress=False)
    both = framework.adversarial.attack([network, second], dogs, CAT, progress=False)
    judged = [framework.networks.probabilities(second, p)[:, CAT].mean() for p in (one, both)]
    assert judged[0] < 0.5 < judged[1]
    assert framework.networks.probabilities(network, both).argmax(1).tolist() == [CAT, CAT]


def test_views_defend_and_an_attack_on_views_gets_through(framework, network, dogs):
    plain, aware = (
        framework.adversarial.attack(
            network, dogs[:1], CAT, epsilon=4 / 255, steps=8, views=v, progress=False
        )
        for v in (0, 4)
    )
    judged = [
        framework.adversarial.defended(network, perturbations.saved(p))[0, CAT]
        for p in (plain, aware)
    ]
    assert judged[0] < 0.01 and judged[1] > 0.1


def test_the_smallest_epsilon_works_and_half_of_it_does_not(framework, network, dogs):
    levels = framework.adversarial.smallest_epsilon(network, dogs[:1], CAT, precision=0.5)
    assert 0 < levels < 3
    for factor, works in ((1, True), (0.3, False)):
        found = framework.adversarial.attack(
            network, dogs[:1], CAT, epsilon=factor * levels / 255, progress=False
        )
        answer = framework.networks.probabilities(network, found)[0].argmax()
        assert (answer == CAT) == works


def test_bad_input_gets_a_sentence(framework, network, dogs, tmp_path):
    attack = framework.adversarial.attack
    with pytest.raises(CourseError, match="alpha channel"):
        attack(network, np.zeros((64, 64, 4), np.uint8), CAT)
    with pytest.raises(CourseError, match="16x64 pixels is too small"):
        attack(network, np.zeros((64, 16, 3), np.uint8), CAT)
    with pytest.raises(CourseError, match="values outside 0 to 1"):
        attack(network, np.full((64, 64, 3), 255.0), CAT)
    with pytest.raises(CourseError, match=r"no class called 'siamese cot': did you mean siamese"):
        attack(network, dogs, "siamese cot")
    with pytest.raises(CourseError, match="epsilon=0 changes nothing"):
        attack(network, dogs, CAT, epsilon=0)


def test_the_network_stays_as_it_was(framework, network, dogs):
    weights = framework.weights(network)
    if framework.name == "pytorch":
        network.train()
    framework.adversarial.attack(network, dogs, CAT, steps=1, progress=False)
    framework.adversarial.one_step(network, dogs, [1, 2])
    if framework.name == "pytorch":
        assert network.training and all(p.grad is None for p in network.parameters())
        assert all(p.requires_grad for p in network.parameters())
        network.eval()
    for old, new in zip(weights, framework.weights(network), strict=True):
        assert np.array_equal(old, new)
