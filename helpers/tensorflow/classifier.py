"""A trained classifier to keep: save it, load it in one line, ask it about photographs."""

import io
import json
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import keras
import numpy as np

from helpers.answers import Answer, answers
from helpers.data.decoding import batches
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.saved import LONGEST, Misfit, described
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
            if file.getinfo(_ABOUT).file_size > LONGEST:
                raise ValueError("its description is too long")
            info, class_names = described(json.loads(file.read(_ABOUT)))
        _check_size(path, info.parameters + len(class_names) * info.features)
    except Exception as error:  # a file from a stranger can make its readers raise anything
        raise CourseError(
            f"{path} is not a classifier of this course for TensorFlow "
            f"({(str(error) or type(error).__name__).splitlines()[0][:80]}): choose a .keras file "
            "saved by it."
        ) from None
    network = networks.classifier(networks.backbone(info.name, pretrained=False), len(class_names))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what does not fit: it is said below
            network.load_weights(path)
    except Exception:  # Keras raises many kinds
        raise Misfit(path, info, class_names) from None
    return Classifier(network, class_names)


def _check_size(path: Path, parameters: int) -> None:
    """A small file may unpack to far more than the network's weights: then ValueError."""
    most = 8 * parameters + (16 << 20)
    sizes = []

    def look(_, item) -> None:
        if isinstance(item, h5py.Dataset):
            sizes.append(item.size * item.dtype.itemsize)

    with zipfile.ZipFile(path) as file:
        sizes.append(sum(entry.file_size for entry in file.infolist()))
        if sizes[0] <= most:
            with h5py.File(io.BytesIO(file.read("model.weights.h5"))) as weights:
                weights.visititems(look)
    if sizes[0] > most or sum(sizes[1:]) > most:
        raise ValueError("it is larger than such a network")
