"""Files from strangers: photographs that are damaged, model files that want to run something."""

import io
import json
import os
import pickle
import random
import struct
import subprocess
import sys
import zipfile

import fuzzing
import numpy as np
import pytest
from PIL import Image

from helpers.data import doctor
from helpers.data.photographs import PhotographSet
from helpers.errors import CourseError

ABOUT = {"course": "1", "network": "efficientnet_lite0", "classes": ["a", "b"]}
SUFFIX = {"pytorch": ".safetensors", "tensorflow": ".keras"}


def checked(paths, name="strange") -> PhotographSet:
    report = doctor.check(paths, progress=False, remember=False)
    return PhotographSet(
        name=name,
        source="drawn",
        class_names=("any",),
        paths=report.readable,
        labels=(0,) * len(report.readable),
        digests=report.digests,
        unreadable=report.unreadable,
    )


def test_damaged_photographs_in_features_and_predict(framework, backbone, tmp_path, faults):
    """Each is listed with a reason, or has finite features and a class."""
    folder = tmp_path / "photographs"
    paths = fuzzing.write(folder, faults.amount(50, 2100), seed=1)
    photographs = checked(paths)
    features = framework.features.extract(
        backbone, photographs, folder=tmp_path / "features", progress=False
    )
    assert features.shape == (len(photographs), 1280) and len(photographs) > len(paths) // 10
    network = framework.networks.classifier(backbone, 2)
    model = framework.classifier.Classifier(network, ("cat", "dog")).save(tmp_path / "model")
    command = [sys.executable, "-m", f"helpers.{framework.name}.predict", str(model), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120 + len(paths))
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [line.split(",", 3) for line in done.stdout.splitlines()[1:]]
    said = {row[0]: row[1:] for row in rows}
    row_of = dict(zip(photographs.paths, features, strict=True))
    reasons = dict(photographs.unreadable)
    for path in paths:
        with faults.one(path.name):
            label, _, problem = said[str(path)]
            if path in row_of:
                assert np.isfinite(row_of[path]).all() and label in ("cat", "dog") and not problem
            else:
                assert reasons[path] and problem and not label


def test_good_and_bad_photographs_give_the_features_of_the_good(
    framework, backbone, tmp_path, faults
):
    """1,000 good and 200 bad ones give exactly 1,000 features, in the right order."""
    good, bad = faults.amount(40, 1000), faults.amount(8, 200)
    dice = random.Random(0)
    folder = tmp_path / "photographs"
    damaged = fuzzing.write(tmp_path / "damaged", 3 * bad + 60, seed=2)
    broken = [path for path, _ in checked(damaged).unreadable][:bad]
    assert len(broken) == bad
    numbers = list(range(good + bad))
    dice.shuffle(numbers)
    folder.mkdir()
    pictures = {}
    for number in numbers[:good]:
        picture = np.random.default_rng(number).integers(0, 256, (4, 4, 3), np.uint8)
        pictures[f"{number:05}.png"] = picture
        Image.fromarray(picture).resize((64, 64)).save(folder / f"{number:05}.png")
    for number, path in zip(numbers[good:], broken, strict=True):
        (folder / f"{number:05}.jpg").write_bytes(path.read_bytes())
    photographs = checked(folder)
    assert [path.name for path in photographs.paths] == sorted(pictures)
    store = tmp_path / "features"
    features = framework.features.extract(
        backbone, photographs, precision="float32", folder=store, progress=False
    )
    assert features.shape == (good, 1280)
    alone = photographs.shuffled(3).take(20, seed=1)
    expected = framework.features.extract(
        backbone, alone, precision="float32", folder=tmp_path / "other", progress=False
    )
    position = {path: i for i, path in enumerate(photographs.paths)}
    for path, row in zip(alone.paths, expected, strict=True):
        distances = np.abs(features - row).max(1)
        assert distances.argmin() == position[path] and distances.min() < 1e-3
    reasons = dict(photographs.unreadable)
    for number in numbers[good:]:
        with faults.one(number):
            assert reasons[folder / f"{number:05}.jpg"]


class Payload:
    """When it is unpickled, a file appears."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return os.mkdir, (self.mark,)


def layer_with_code(mark) -> bytes:
    """What Keras itself writes of a layer whose function is code, with a true description."""
    import keras

    path = mark.with_name("code.keras")
    place = str(mark)
    layer = keras.layers.Lambda(lambda x: [x, __import__("os").makedirs(place, exist_ok=True)][0])
    keras.Sequential([keras.Input((2,)), layer]).save(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("course.json", json.dumps(ABOUT))
    mark.rmdir()  # the layer was called once, to see its shape
    return path.read_bytes()


def hostile_files(mark) -> dict[str, bytes]:
    """Files that would make a directory `mark` if they were trusted, or fill the memory.

    Where both frameworks have one of their own kind, that for PyTorch ends with a blank.
    """

    def packed(**entries) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in entries.items():
                file.writestr(name.replace("__", "."), content)
        return out.getvalue()

    def keras(described=ABOUT, **entries) -> bytes:
        return packed(course__json=json.dumps(described), **entries)

    def safetensors(described=ABOUT, tensors=None, length=None) -> bytes:
        metadata = {key: json.dumps(value) for key, value in described.items()}
        header = json.dumps({"__metadata__": metadata, **(tensors or {})}).encode()
        return struct.pack("<Q", length or len(header)) + header

    def weights(shape) -> bytes:
        import h5py

        out = io.BytesIO()
        with h5py.File(out, "w") as file:
            file.create_dataset("layers/head/vars/0", shape, "float32", chunks=True)
        return out.getvalue()

    pickled = pickle.dumps(Payload(mark))
    many = {**ABOUT, "classes": ["a"] * 100_000}
    far = {"x": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}}
    return {
        "a pickle": pickled,
        "a pickle, old protocol": pickle.dumps(Payload(mark), protocol=0),
        "a zip with a pickle as torch writes it": packed(archive__data__pkl=pickled),
        "a description that is a pickle": packed(course__json=pickled),
        "weights that are a pickle": keras(model__weights__h5=pickled),
        "weights of a terabyte": keras(model__weights__h5=weights((1 << 19, 1 << 19))),
        "weights that unpack to far more": keras(model__weights__h5=bytes(1 << 26)),
        "a long description": packed(course__json=b"[" * (1 << 24)),
        "a deep description": packed(course__json=b"[" * 100_000),
        "too many classes": keras(many),
        "too many classes ": safetensors(many),
        "classes that are none": keras({**ABOUT, "classes": 7}),
        "classes that are none ": safetensors({**ABOUT, "classes": [[1]]}),
        "no class ": safetensors({**ABOUT, "classes": []}),
        "another network": keras({**ABOUT, "network": "../../etc/passwd"}),
        "another network ": safetensors({**ABOUT, "network": ["x"]}),
        "a header of a terabyte ": safetensors(length=1 << 40),
        "tensors beyond the end ": safetensors(tensors=far),
        "no weights ": safetensors(),
        "no weights": keras(),
    }


SAID = {
    "another network": "which the course has not",
    "classes that are none": "its classes are not names",
    "too many classes": "it has 100,000 classes",
    "no class": "it has 0 classes",
    "weights of a terabyte": "it is larger than such a network",
    "weights that unpack to far more": "it is larger than such a network",
}


def test_model_files_that_want_to_run_something(framework, tmp_path, faults):
    from helpers.results import peak_memory_mb

    mark, path = tmp_path / "it ran", tmp_path / f"model{SUFFIX[framework.name]}"
    before = peak_memory_mb()
    files = hostile_files(mark)
    if framework.name == "tensorflow":
        files["a layer with code"] = layer_with_code(mark)
    for kind, content in files.items():
        with faults.one(kind):
            path.write_bytes(content)
            with pytest.raises(CourseError, match=r"is not a classifier|do not fit") as caught:
                framework.classifier.load(path)
            assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
            if kind.endswith(" ") == (framework.name == "pytorch"):  # its own kind of file
                assert SAID.get(kind.strip(), "") in str(caught.value)
            assert not mark.exists(), "the payload ran"
    assert peak_memory_mb() - before < 900
    pickle.loads(files["a pickle"])
    assert mark.exists(), "the payload would have run"
    if framework.name == "tensorflow":
        import keras

        mark.rmdir()
        path.write_bytes(files["a layer with code"])
        keras.saving.load_model(path, safe_mode=False)
        assert mark.exists(), "the layer would have run"


def test_damaged_model_files(framework, backbone, tmp_path, faults):
    """Cut or flipped anywhere, a kept classifier is refused, or its weights are numbers."""
    network = framework.networks.classifier(backbone, 2)
    path = framework.classifier.Classifier(network, ("cat", "dog")).save(tmp_path / "model")
    whole, dice = path.read_bytes(), random.Random(5)
    ends = 3000  # where the descriptions stand
    for number in range(faults.amount(3, 60)):
        content = bytearray(whole)
        at = dice.choice((dice.randrange(ends), len(whole) - 1 - dice.randrange(ends)))
        if number % 4 == 0:
            del content[dice.randrange(len(whole)) :]
        else:
            content[at] ^= 1 << dice.randrange(8)
        path.write_bytes(content)
        with faults.one(f"damage {number}"):
            try:
                framework.classifier.load(path)
            except CourseError as error:
                assert "\n" not in str(error)


def test_downloaded_weights_that_want_to_run_something(framework, tmp_path, monkeypatch, faults):
    """What lies in the frameworks' own caches is not trusted either."""
    mark = tmp_path / "it ran"
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    names = {
        "pytorch": "hub/checkpoints/mobilenet_v2-b0353104.pth",
        "tensorflow": "models/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
    }
    path = tmp_path / names[framework.name]
    path.parent.mkdir(parents=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps(Payload(mark), protocol=2))
        file.writestr("archive/version", "3\n")
    for kind, content in {
        "a pickle": pickle.dumps(Payload(mark), protocol=2),
        "torch's zip with a pickle": out.getvalue(),
        "text": b"<html>404</html>",
        "nothing": b"",
    }.items():
        with faults.one(kind):
            path.write_bytes(content)
            with pytest.raises(CourseError, match="damaged") as caught:
                framework.networks.load("mobilenet_v2")
            assert "\n" not in str(caught.value) and str(path) in str(caught.value)
            assert not mark.exists(), "the payload ran"


def test_a_classifier_that_cannot_be_written(framework, backbone, tmp_path):
    network = framework.networks.classifier(backbone, 2)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CourseError, match="cannot be written"):
        framework.classifier.Classifier(network, ("a", "b")).save(tmp_path / "file" / "model")
