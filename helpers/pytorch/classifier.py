"""A trained classifier to keep: save it, load it in one line, ask it about photographs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.torch import load_file, save
from torch import nn

from helpers.answers import Answer, answers
from helpers.data.decoding import batches
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.pytorch import networks
from helpers.pytorch.features import forward
from helpers.saved import Misfit, described


@dataclass(frozen=True)
class Classifier:
    """A network with the names of its classes."""

    network: nn.Sequential
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
        """Write weights, class names and the network's name to one `.safetensors` file."""
        path = Path(path).with_suffix(".safetensors")
        about = {"course": "1", "network": self.network_name, "classes": list(self.class_names)}
        weights = {k: v.contiguous() for k, v in self.network.state_dict().items()}
        with replacing(path) as temporary:
            temporary.write_bytes(save(weights, {k: json.dumps(v) for k, v in about.items()}))
        return path


def load(path: str | Path) -> Classifier:
    """A classifier that `Classifier.save` wrote. Nothing in the file is executed.

    Raises CourseError: no such file, another kind of file, or weights of another network.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"{path} does not exist: name a file that a classifier was saved to.")
    try:
        with safe_open(path, "pt") as file:
            about = {k: json.loads(v) for k, v in (file.metadata() or {}).items()}
        info, class_names = described(about)
        weights = load_file(path)
    except Exception as error:  # a file from a stranger can make its readers raise anything
        raise CourseError(
            f"{path} is not a classifier of this course for PyTorch "
            f"({(str(error) or type(error).__name__).splitlines()[0][:80]}): choose a .safetensors "
            "file saved by it."
        ) from None
    network = networks.classifier(networks.backbone(info.name, pretrained=False), len(class_names))
    try:
        network.load_state_dict(weights)
    except RuntimeError:
        raise Misfit(path, info, class_names) from None
    return Classifier(network.eval(), class_names)
