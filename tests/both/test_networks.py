import inspect
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from skimage import data as skimage_data

from helpers import imagenet, weights
from helpers.data.decoding import as_float, decode
from helpers.errors import CourseError

LITE0 = "6aa9ca3da3187059"
"""The fingerprint of EfficientNet-Lite0's backbone, whatever framework holds it."""


@pytest.fixture(scope="module")
def network(framework):
    return framework.networks.load()


def test_photographs_of_known_packages_are_recognised(framework, network, tmp_path):
    from PIL import Image

    Image.fromarray(skimage_data.chelsea()).save(tmp_path / "cat.png")
    examples = Path(find_spec("foolbox").origin).parent / "data"
    files = [
        tmp_path / "cat.png",
        *(next(examples.glob(f"imagenet_*_{n}.jpg")) for n in (243, 251)),
    ]
    info = framework.networks.info_of(network)
    logits = framework.call(network, as_float(np.stack([decode(f, info.size) for f in files])))
    assert logits.shape == (3, 1000) and logits.dtype == np.float32
    assert logits[0].argmax() in imagenet.CATS
    assert logits[1:].argmax(1).tolist() == [243, 251]


def test_the_second_opinion_is_another_network_that_works(framework, network):
    other = framework.networks.load("efficientnet_lite1")
    picture = as_float(np.asarray(skimage_data.chelsea())[30:270, 100:340])[None]
    assert framework.call(other, picture).argmax() in imagenet.CATS
    assert framework.networks.fingerprint(other) != framework.networks.fingerprint(network)


def test_the_same_weights_have_the_same_fingerprint_in_both_frameworks(framework, backbone):
    assert framework.networks.fingerprint(backbone) == LITE0


def test_fingerprint_sees_one_weight_and_the_preprocessing(framework):
    networks = framework.networks
    other = networks.backbone(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    assert networks.fingerprint(other) != LITE0
    body = networks.backbone()
    if framework.name == "tensorflow":
        weights = body.get_weights()
        weights[-1][0] += 1e-3
        body.set_weights(weights)
    else:
        list(body.parameters())[-1].data[0] += 1e-3
    assert networks.fingerprint(body) != LITE0


def test_other_preprocessing_changes_the_features(framework, backbone, pictures):
    other = framework.networks.backbone(mean=(0, 0, 0), std=(1, 1, 1))
    right = framework.call(backbone, pictures)
    assert np.abs(framework.call(other, pictures) - right).max() > 0.1
    shifted = framework.call(other, (pictures - 0.5) / 0.5)
    assert shifted == pytest.approx(right, abs=1e-4)


def test_backbone_gives_features_for_any_size(framework, backbone, pictures):
    assert framework.networks.info_of(backbone).name == "efficientnet_lite0"
    assert framework.call(backbone, pictures).shape == (3, 1280)
    assert framework.call(backbone, pictures[:, :40, :50]).shape == (3, 1280)


def test_stages_are_seen_in_order_and_end_in_the_features(framework, backbone, pictures):
    stages = framework.networks.info_of(backbone).stages
    tensor = framework.loading.from_numpy(pictures)
    seen = framework.networks.activations(backbone, tensor, stages)
    assert tuple(seen) == stages
    sides = [seen[name].shape[1] for name in stages]
    assert sides == [32, 32, 16, 8, 4, 4, 2, 2, 2]
    channels = [seen[name].shape[3] for name in stages]
    assert channels == [32, 16, 24, 40, 80, 112, 192, 320, 1280]
    features = framework.call(backbone, pictures)
    assert seen["top"].mean((1, 2)) == pytest.approx(features, abs=1e-4)
    assert list(framework.networks.activations(backbone, tensor, ["stage3"])) == ["stage3"]


def test_stages_hold_every_parameter_once(framework):
    networks = framework.networks
    body = networks.backbone()
    total = networks.parameter_counts(body)[1]
    framework.freeze(body)
    assert networks.parameter_counts(body) == (0, total)
    so_far = 0
    for name in networks.info_of(body).stages:
        network = networks.classifier(body, 2)
        framework.freeze(networks.stage(network, name), frozen=False)
        trained = networks.parameter_counts(network)[0] - 2 * 1281
        assert trained > so_far
        so_far = trained
    assert so_far == total


def test_unknown_stage_and_network_are_named_with_what_there_is(framework, backbone):
    with pytest.raises(CourseError, match=r"no stage 'stage9': it has stem, stage1"):
        framework.networks.stage(backbone, "stage9")
    with pytest.raises(CourseError, match=r"no network 'resnet51'.*resnet50"):
        framework.networks.backbone("resnet51")


def test_something_else_has_no_backbone(framework, backbone):
    head = framework.networks.head_of(framework.networks.classifier(backbone, 2))
    with pytest.raises(CourseError, match="no backbone"):
        framework.networks.backbone_of(head)


def test_classifier_is_the_backbone_and_a_head_that_the_seed_decides(framework, backbone, pictures):
    networks = framework.networks
    network = networks.classifier(backbone, 5, seed=1)
    assert networks.backbone_of(network) is backbone
    logits = framework.call(network, pictures)
    assert logits.shape == (3, 5)
    features = framework.call(backbone, pictures)
    assert framework.numbers(networks.head_of(network), features) == pytest.approx(logits, abs=1e-4)
    same = framework.call(networks.classifier(backbone, 5, seed=1), pictures)
    assert np.array_equal(same, logits)
    other = framework.call(networks.classifier(backbone, 5, seed=2), pictures)
    assert np.abs(other - logits).max() > 1e-3


def test_without_pretraining_the_weights_are_random_but_the_same_each_time(framework, pictures):
    bodies = [framework.networks.backbone(pretrained=False) for _ in range(2)]
    one, other = (framework.networks.fingerprint(body) for body in bodies)
    assert one == other != LITE0
    features = framework.call(bodies[0], pictures)
    assert np.isfinite(features).all() and features.std() > 1e-3


def test_weights_come_from_where_the_framework_says(framework):
    """The table that `./run prefetch` reads names what torchvision and Keras name."""
    for name, file in weights.FILES[framework.name].items():
        if framework.name == "pytorch":
            from torchvision import models

            assert models.get_model_weights(name).IMAGENET1K_V1.url == file.url
        else:
            module = import_module(f"keras.src.applications.{name.replace('resnet50', 'resnet')}")
            source = inspect.getsource(module)
            assert file.url.split("/")[-2] in source and (file.digest or "") in source
