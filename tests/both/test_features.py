import numpy as np
import pytest

from helpers.data.decoding import as_float, batches, decode_many
from helpers.errors import CourseError
from helpers.evaluation import cosine
from helpers.precision import has_bfloat16


def extract(framework, backbone, photographs, folder, **options):
    options = {"precision": "float32", "progress": False, **options}
    return framework.features.extract(backbone, photographs, folder=folder, **options)


@pytest.fixture(scope="module")
def features(framework, backbone, photographs, tmp_path_factory):
    return extract(framework, backbone, photographs, tmp_path_factory.mktemp("features"))


def test_features_are_what_the_backbone_says(framework, backbone, photographs, features):
    info = framework.networks.info_of(backbone)
    assert features.shape == (12, info.features) and features.dtype == np.float32
    pictures = as_float(decode_many(photographs.paths[:4], info.size, info.crop))
    assert features[:4] == pytest.approx(framework.call(backbone, pictures), abs=1e-3)


def test_what_is_stored_is_not_computed_again(
    framework, backbone, photographs, tmp_path, monkeypatch
):
    first = extract(framework, backbone, photographs.subset([3, 1]), tmp_path)
    asked = []

    def spy(paths, *rest):
        asked.extend(paths)
        return batches(paths, *rest)

    monkeypatch.setattr(framework.features, "batches", spy)
    second = extract(framework, backbone, photographs.subset([1, 2, 3, 2]), tmp_path)
    assert asked == [photographs.paths[2]]
    assert np.array_equal(second[[2, 0]], first)
    assert np.array_equal(second[1], second[3])


def test_an_interrupted_run_goes_on(framework, backbone, photographs, tmp_path, monkeypatch):
    few = photographs.subset(range(4))

    def breaks(paths, *rest):
        yield next(batches(paths, *rest))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(framework.features, "batches", breaks)
        extract(framework, backbone, few, tmp_path, batch_size=2)
    (file,) = tmp_path.glob("*.rows")
    half = file.stat().st_size
    assert len(extract(framework, backbone, few, tmp_path, batch_size=2)) == 4
    assert file.stat().st_size == 2 * half > 0


def test_bfloat16_points_the_same_way(framework, backbone, photographs, features, tmp_path):
    reduced = extract(framework, backbone, photographs, tmp_path, precision="bfloat16")
    assert cosine(reduced, features).min() >= 0.99
    if has_bfloat16():
        assert not np.array_equal(reduced, features)


def test_the_engine_answers_as_the_framework_does(framework, backbone, pictures, monkeypatch):
    whole = [(pictures * 255).astype(np.uint8)]
    (slow,) = framework.features.forward(backbone, whole, "float32")
    with monkeypatch.context() as patch:
        patch.delattr(framework.features, "forward")
        (fast,) = framework.features._many(backbone, whole, "float32")
    assert fast.dtype == np.float32 and fast == pytest.approx(slow, abs=1e-4)
    monkeypatch.setattr(framework.features, "_engine", lambda *_: None)
    (again,) = framework.features._many(backbone, whole, "float32")
    assert np.array_equal(again, slow)


def test_another_network_or_precision_has_another_file(framework, photographs, tmp_path):
    one = photographs.subset([0])
    extract(framework, framework.networks.backbone(mean=(0, 0, 0)), one, tmp_path)
    extract(framework, framework.networks.backbone(pretrained=False), one, tmp_path)
    assert len(list(tmp_path.glob("*.rows"))) == 2
    with pytest.raises(CourseError, match="precision='half' is unknown"):
        extract(framework, framework.networks.backbone(), one, tmp_path, precision="half")


def test_forward_knows_the_weights_of_the_moment(framework, pictures):
    body = framework.networks.backbone()
    network = framework.networks.classifier(body, 2)
    whole = [(pictures * 255).astype(np.uint8)]
    before = next(framework.features.forward(network, whole, "float32"))
    other = framework.networks.classifier(body, 2, seed=5)
    if framework.name == "tensorflow":
        network.set_weights(other.get_weights())
    else:
        network.load_state_dict(other.state_dict())
    after = next(framework.features.forward(network, whole, "float32"))
    assert np.abs(after - before).max() > 1e-3
    assert list(framework.features.forward(network, [])) == []
