"""Class names are found, near ones suggested."""

import numpy as np
import pytest

from helpers import imagenet
from helpers.catalogue import NETWORKS, bundled_weights, network_info
from helpers.errors import CourseError


def test_classes():
    names = imagenet.classes()
    assert len(names) == len(set(names)) == 1000
    assert [names[i] for i in imagenet.CATS][3] == "Siamese cat"
    assert names[imagenet.DOGS[0]] == "Chihuahua" and names[imagenet.DOGS[-1]] == "Mexican hairless"


@pytest.mark.parametrize("name", ["Siamese cat", "siamese CAT ", 284, np.int64(284)])
def test_find(name):
    assert imagenet.find(name) == 284


@pytest.mark.parametrize(
    ("name", "hint"), [("cat", "Siamese cat".lower()), ("zebrra", "zebra"), (1000, "0 to 999")]
)
def test_near_names(name, hint):
    with pytest.raises(CourseError, match=hint):
        imagenet.find(name)


def test_top():
    probabilities = np.zeros(1000)
    probabilities[[340, 284]] = 0.7, 0.2
    assert imagenet.top(probabilities, 2) == [("zebra", 0.7), ("Siamese cat", 0.2)]


def test_catalogue():
    for name, info in NETWORKS.items():
        assert info.name == name and len(info.last_stage) == 2
        assert set(info.last_stage) <= set(info.stages)
    assert bundled_weights(network_info("efficientnet_lite0")).stat().st_size > 18e6
    with pytest.raises(CourseError, match="vgg16"):
        network_info("vgg_16")
