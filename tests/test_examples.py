import numpy as np
import pytest

from helpers import examples, imagenet
from helpers.errors import CourseError


@pytest.mark.parametrize("name", examples.NAMES)
def test_each_photograph_is_there_whole(name):
    picture = examples.picture(name, 96)
    assert picture.shape == (96, 96, 3) and picture.dtype == np.uint8 and picture.std() > 20
    kinds = imagenet.DOGS if name in examples.DOGS else imagenet.CATS
    assert examples.class_number(name) in kinds


def test_other_names_get_a_sentence():
    with pytest.raises(CourseError, match=r"no example 'horse': choose one of cat, bull mastiff"):
        examples.path("horse")
