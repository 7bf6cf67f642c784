import csv
import io
import json
import zipfile

import numpy as np
import pytest

from helpers.errors import CourseError

SUFFIX = {"pytorch": ".safetensors", "tensorflow": ".keras"}


@pytest.fixture(scope="module")
def kept(framework, backbone):
    network = framework.networks.classifier(backbone, 2, seed=3)
    return framework.classifier.Classifier(network, ("cat", "dog"))


@pytest.fixture(scope="module")
def file(framework, kept, tmp_path_factory):
    return kept.save(tmp_path_factory.mktemp("models") / "pets.model")


def test_what_is_saved_answers_the_same(framework, kept, file, photographs):
    assert file.name == f"pets{SUFFIX[framework.name]}"
    loaded = framework.classifier.load(file)
    assert loaded.class_names == ("cat", "dog") and loaded.network_name == "efficientnet_lite0"
    paths = photographs.paths[:3]
    probabilities = kept.probabilities(paths)
    assert probabilities.shape == (3, 2) and probabilities.sum(1) == pytest.approx([1, 1, 1])
    assert np.array_equal(loaded.probabilities(paths), probabilities)
    (answer,) = loaded.classify(paths[0])
    assert answer.path == paths[0] and answer.name in loaded.class_names
    assert answer.probability == pytest.approx(probabilities[0].max())
    assert loaded.classify([]) == []


def test_other_files_are_refused(framework, file, tmp_path):
    load = framework.classifier.load
    with pytest.raises(CourseError, match="does not exist"):
        load(tmp_path / "nothing")
    text = tmp_path / f"text{SUFFIX[framework.name]}"
    text.write_text("hello")
    with pytest.raises(CourseError, match="is not a classifier of this course"):
        load(text)
    half = tmp_path / f"half{SUFFIX[framework.name]}"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(CourseError, match="is not a classifier of this course"):
        load(half)
    archive = tmp_path / f"other{SUFFIX[framework.name]}"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("course.json", json.dumps({"network": "efficientnet_lite0"}))
    with pytest.raises(CourseError, match="is not a classifier of this course"):
        load(archive)


def test_weights_of_another_number_of_classes_are_refused(framework, file, tmp_path):
    changed = tmp_path / file.name
    content = file.read_bytes()
    if framework.name == "tensorflow":
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
            for item in old.namelist():
                about = {"network": "efficientnet_lite0", "classes": ["a"]}
                new.writestr(item, json.dumps(about) if "course" in item else old.read(item))
    else:
        old, new = rb"[\"cat\", \"dog\"]", rb"[\"a\"]"
        assert content.count(old) == 1
        changed.write_bytes(content.replace(old, new.ljust(len(old))))
    with pytest.raises(CourseError, match="do not fit EfficientNet-Lite0 with 1 classes"):
        framework.classifier.load(changed)


def test_a_folder_is_classified_on_the_command_line(
    framework, file, photographs, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(photographs.paths[0].read_bytes())
    (folder / "b.jpg").write_bytes(b"nothing")
    assert framework.predict.main([str(file), str(folder)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["class"] != "" for row in rows] == [True, False]
    assert rows[0]["class"] in ("cat", "dog") and 0.5 <= float(rows[0]["probability"]) <= 1
    assert rows[1]["problem"]
    assert framework.predict.main([str(tmp_path / "none"), str(folder)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
