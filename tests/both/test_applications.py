"""VGG-16, ResNet-50, MobileNetV2: from a weights file in the framework's cache to the same answer
as the framework's own network with its own preprocessing. The weights are random ones."""

import numpy as np
import pytest

from helpers.errors import CourseError
from helpers.weights import FILES

NAMES = ("mobilenet_v2", "resnet50", "vgg16")
SIDE = 224


@pytest.fixture
def cache(framework, tmp_path, monkeypatch):
    """An empty cache, and no host that answers."""
    monkeypatch.setenv(
        {"pytorch": "TORCH_HOME", "tensorflow": "KERAS_HOME"}[framework.name], str(tmp_path)
    )
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("COURSE_MIRROR", raising=False)
    return tmp_path


def of_torchvision(name: str, path):
    """Write a weights file; return torchvision's own pipeline: uint8 pictures to logits."""
    import torch
    from torchvision import models

    torch.manual_seed(1)
    with torch.device("meta"):
        model = models.get_model(name, weights=None)
    model = model.to_empty(device="cpu").eval()
    for key, value in model.state_dict().items():
        scale = value[0].numel() ** -0.5 if value.dim() > 1 else 0.1
        if key.endswith("running_var") or (value.dim() == 1 and key.endswith("weight")):
            value.uniform_(0.5, 1.5)
        elif value.is_floating_point():
            value.uniform_(-2 * scale, 2 * scale)
        else:
            value.zero_()
    torch.save(model.state_dict(), path)
    weights = models.get_model_weights(name).IMAGENET1K_V1
    transform = weights.transforms(crop_size=SIDE, resize_size=SIDE)

    def answer(pictures):
        with torch.inference_mode():
            return model(transform(torch.from_numpy(pictures).permute(0, 3, 1, 2))).numpy()

    return answer


def of_keras(name: str, path):
    """Write a weights file; return Keras's own pipeline: uint8 pictures to logits."""
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    rng = np.random.default_rng(1)
    builder = {"vgg16": "VGG16", "resnet50": "ResNet50", "mobilenet_v2": "MobileNetV2"}[name]
    model = getattr(keras.applications, builder)(weights=None, classifier_activation=None)
    for variable in model.weights:
        if variable.name in ("moving_variance", "gamma"):
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
        elif len(variable.shape) == 1:
            variable.assign(rng.uniform(-0.1, 0.1, variable.shape))
        elif len(variable.shape) == 4:  # of a size that keeps the signal's
            *inputs, last = variable.shape
            fan = np.prod(inputs if last > 1 else inputs[:2])
            variable.assign(rng.normal(0, (2 / fan) ** 0.5, variable.shape))
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    module = getattr(keras.applications, name.replace("50", ""))

    def answer(pictures):
        return model(module.preprocess_input(pictures.astype(np.float32)), training=False).numpy()

    return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_weights_file_in_the_cache_gives_the_frameworks_own_answers(framework, cache, name):
    path = FILES[framework.name][name].path
    assert path.is_relative_to(cache)
    path.parent.mkdir(parents=True)
    make = {"pytorch": of_torchvision, "tensorflow": of_keras}[framework.name]
    expected = make(name, path)
    pictures = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    pictures[1] //= 3  # a dark one, so that preprocessing counts
    network = framework.networks.load(name)
    logits = framework.call(network, pictures.astype(np.float32) / 255)
    wanted = expected(pictures)
    largest = float(np.abs(wanted).max())
    assert logits.shape == wanted.shape == (2, 1000)
    assert np.abs(wanted[0] - wanted[1]).max() > 0.01 * largest
    assert logits == pytest.approx(wanted, abs=2e-3 * largest)
    check_stages(framework, network, pictures)


def check_stages(framework, network, pictures):
    """Every stage can be looked at, and the network can be cut before the last."""
    info = framework.networks.info_of(network)
    tensor = framework.loading.from_numpy(pictures[:1])
    seen = framework.networks.activations(network, tensor, info.stages)
    assert tuple(seen) == info.stages
    sides = [seen[stage].shape[1] for stage in info.stages]
    assert sides == sorted(sides, reverse=True) and sides[-1] == 7
    below, above = framework.networks.cut(network, info.stages[-1])
    half = framework.numbers(below, tensor)
    whole = framework.numbers(network, tensor)
    assert framework.numbers(above, half) == pytest.approx(whole, rel=1e-3, abs=1e-3)


def test_a_damaged_weights_file_is_named(framework, cache):
    path = FILES[framework.name]["mobilenet_v2"].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a file")
    with pytest.raises(CourseError, match="damaged") as caught:
        framework.networks.load("mobilenet_v2")
    assert str(path) in str(caught.value)


def test_no_file_and_no_network_is_one_sentence(framework, cache):
    with pytest.raises(CourseError, match="efficientnet_lite0") as caught:
        framework.networks.load("vgg16")
    said, file = str(caught.value), FILES[framework.name]["vgg16"]
    assert file.url in said and str(file.path.parent) in said and "\n" not in said
