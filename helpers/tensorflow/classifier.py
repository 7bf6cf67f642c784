"""A trained classifier to keep: save it, load it in one line, ask it about photographs."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from helpers.answers import Answer, answers
from helpers.data.decoding import batches
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.tensorflow import networks
from helpers.tensorflow.features import forward

_ABOUT = "course.json"


@dataclass(frozen=True)
class Classifier:
    """A network with the names of its classes."""

    network: keras.Model
    class_names: tuple[str, ...]

    @property
    def network_name(self) -> str:
        """The pretrained network it stands on."""
        return networks.info_of(self.network).name

    def probabilities(self, paths: Sequence) -> np.ndarray:
        """Photograph files to probabilities (n, classes), float32."""
        info = networks.info_of(self.network)
        parts = list(forward(self.network, batches(paths, info.size, info.crop), "float32"))
        logits = np.concatenate(parts) if parts else np.empty((0, len(self.class_names)))
        exponentials = np.exp(logits - logits.max(1, keepdims=True))
        return (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32)

    def classify(self, paths: Sequence | str | Path) -> list[Answer]:
        """One answer for each photograph file; a single path gives a list of one.

        Raises UnreadablePhotograph for a file that cannot be decoded.
        """
        paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
        return answers(paths, self.probabilities(paths), self.class_names)

    def save(self, path: str | Path) -> Path:
        """Write network, class names and the network's name to one `.keras` file."""
        path = Path(path).with_suffix(".keras")
        about = {"course": "1", "network": self.network_name, "classes": list(self.class_names)}
        plain = keras.Model(self.network.input, self.network.output)  # without the optimiser
        with replacing(path) as temporary:
            plain.save(temporary)
            with zipfile.ZipFile(temporary, "a") as file:
                file.writestr(_ABOUT, json.dumps(about))
        return path


def load(path: str | Path) -> Classifier:
    """A classifier that `Classifier.save` wrote. Nothing in the file is executed.

    The network is built here and takes the file's weights; layers that a file describes, which
    could hold code, are not read. Raises CourseError: no such file, another kind of file, or
    weights of another network.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"{path} does not exist: name a file that a classifier was saved to.")
    try:
        with zipfile.ZipFile(path) as file:
            about = json.loads(file.read(_ABOUT))
        class_names = tuple(about["classes"])
        body = networks.backbone(about["network"], pretrained=False)
        network = networks.classifier(body, len(class_names))
        network.load_weights(path)
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, CourseError):
            raise
        raise CourseError(
            f"{path} is not a classifier of this course for TensorFlow "
            f"({str(error).splitlines()[0][:80]}): choose a .keras file saved by it."
        ) from None
    return Classifier(network, class_names)
