"""What the behavioural tests need: one framework, a few drawn pictures, a backbone."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from helpers.data import doctor, drawn
from helpers.data.photographs import PhotographSet


class Framework:
    """One framework's rooms, and the few things that are written differently."""

    def __init__(self, name: str):
        self.name = name

    def __getattr__(self, room: str):
        return import_module(f"helpers.{self.name}.{room}")

    def call(self, network, pictures: np.ndarray) -> np.ndarray:
        """A network's answer to pictures (n, h, w, 3)."""
        return self.numbers(network, self.loading.from_numpy(pictures))

    def numbers(self, network, inputs) -> np.ndarray:
        if self.name == "tensorflow":
            return network(np.asarray(inputs), training=False).numpy()
        import torch

        with torch.inference_mode():
            return network(torch.as_tensor(np.asarray(inputs))).numpy()

    def freeze(self, part, frozen: bool = True) -> None:
        if self.name == "tensorflow":
            part.trainable = not frozen
        else:
            part.requires_grad_(not frozen)

    def weights(self, network) -> list[np.ndarray]:
        """Copies of everything that is saved with a network."""
        if self.name == "tensorflow":
            return network.get_weights()
        return [value.numpy().copy() for value in network.state_dict().values()]

    def batch_norm_averages(self, network) -> list[np.ndarray]:
        if self.name == "tensorflow":
            return [v.numpy() for v in network.weights if "moving" in v.name]
        return [v.numpy().copy() for n, v in network.state_dict().items() if "running" in n]


@pytest.fixture(scope="session")
def framework(pytestconfig) -> Framework:
    return Framework(pytestconfig.getoption("--framework"))


@pytest.fixture(scope="session")
def photographs(tmp_path_factory) -> PhotographSet:
    """Twelve drawn animals, a copy among them."""
    folder = tmp_path_factory.mktemp("drawn")
    classes = {"cat": drawn.CAT_BREEDS[:3], "dog": drawn.DOG_BREEDS[:3]}
    listed = drawn.write(folder, classes, 6, size=96)
    report = doctor.check([path for path, _ in listed], progress=False, remember=False)
    return PhotographSet(
        name="drawn",
        source="drawn",
        class_names=tuple(classes),
        paths=report.readable,
        labels=tuple(label for _, label in listed),
        digests=report.digests,
    )


@pytest.fixture(scope="session")
def backbone(framework):
    """The default backbone. Tests that change it take `networks.backbone()` instead."""
    return framework.networks.backbone()


@pytest.fixture(scope="session")
def small(framework, backbone):
    """The backbone's catalogue entry, for small pictures, so that tests are fast."""
    return replace(framework.networks.info_of(backbone), size=64)


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(0).random((3, 64, 64, 3), np.float32)
