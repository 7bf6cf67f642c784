"""Weights files that are no part of a package: where each framework publishes and keeps them.

They land in the frameworks' own caches, so that other programs find them too: from the classroom
mirror if it lists the file, else from the internet; whole or not at all, continued where an
earlier download was cut.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from helpers.catalogue import DEFAULT, NETWORKS, NetworkInfo
from helpers.data import mirrors
from helpers.data.downloading import DownloadFailed, Wanted, download
from helpers.data.failures import FetchError
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.paths import mirror

_TORCH = "https://download.pytorch.org/models/"
_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class WeightsFile:
    """One published file. url: where. algorithm, digest: what its hash begins with; None where
    nobody publishes one."""

    framework: str
    url: str
    algorithm: str = "sha256"
    digest: str | None = None

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[-1]

    @property
    def path(self) -> Path:
        """Where the framework looks for it."""
        if self.framework == "pytorch":
            cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
            home = os.environ.get("TORCH_HOME", os.path.join(cache, "torch"))
            return Path(home).expanduser() / "hub" / "checkpoints" / self.name
        home = os.environ.get("KERAS_HOME", "~/.keras")
        return Path(home).expanduser() / "models" / self.name


def _torch(file: str) -> WeightsFile:
    return WeightsFile("pytorch", _TORCH + file, "sha256", file.rpartition("-")[2][:8])


def _keras(file: str, md5: str | None) -> WeightsFile:
    return WeightsFile("tensorflow", _KERAS + file, "md5", md5)


FILES: dict[str, dict[str, WeightsFile]] = {
    "pytorch": {
        "mobilenet_v2": _torch("mobilenet_v2-b0353104.pth"),
        "resnet50": _torch("resnet50-0676ba61.pth"),
        "vgg16": _torch("vgg16-397923af.pth"),
        "vgg19": _torch("vgg19-dcbb9e9d.pth"),
    },
    "tensorflow": {
        "mobilenet_v2": _keras(
            "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", None
        ),
        "resnet50": _keras(
            "resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5",
            "2cb95161c43110f7111970584f804107",
        ),
        "vgg16": _keras(
            "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
            "64373286793e3c8b2b4e3219cbf3544b",
        ),
        "vgg19": _keras(
            "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels.h5",
            "cbe5617147190e668d6c5d5026f83318",
        ),
    },
}
"""By framework and network: what torchvision and Keras name, with their hashes."""


def fetched() -> list[Path]:
    """The weights files that are in the frameworks' caches."""
    paths = [file.path for of_framework in FILES.values() for file in of_framework.values()]
    return [path for path in paths if path.is_file()]


def fetch(framework: str, network: str, *, progress: bool = True) -> Path:
    """The weights file of a network: from the framework's cache, else fetched into it.

    framework: "pytorch" or "tensorflow". network: one of the catalogue that no package ships.
    Raises CourseError: neither mirror nor internet gives it, or it is not what it should be.
    """
    file, info = FILES[framework][network], NETWORKS[network]
    path = file.path
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            if not path.is_file():  # another process was quicker
                _bring(file, info, progress)
    except OSError as error:
        raise CourseError(
            f"The weights of {info.title} cannot be kept in {path.parent} "
            f"({error.strerror or error}): make room, or a folder of your own."
        ) from None
    return path


def _bring(file: WeightsFile, info: NetworkInfo, progress: bool) -> None:
    path, most = file.path, info.megabytes * 2_000_000
    url, sha256 = file.url, None
    hashes = mirrors.read_hashes(named) if (named := mirror()) else {}
    if file.name in hashes:
        sha256 = hashes[file.name]
        if mirrors.is_url(named):
            url = mirrors.url_of(named, file.name)
        else:
            return _copied(mirrors.folder_of(named) / file.name, path, sha256)
    fresh = path.with_name(f"{path.name}.fresh")
    try:
        download(Wanted((url,), sha256, None, most), fresh, progress=progress)
    except DownloadFailed as error:
        again = "run it again, it goes on where it stopped, or " if error.served else ""
        raise FetchError(
            f"The weights of {info.title} ({info.megabytes} MB) are not on this machine and "
            f"{url} cannot be reached ({error.reason}): {again}put that file into {path.parent}, "
            f'or use the network "{DEFAULT}", whose weights are already installed.'
        ) from None
    if sha256 is None:
        _check(fresh, file)
    os.replace(fresh, path)


def _copied(source: Path, path: Path, sha256: str) -> None:
    with replacing(path) as temporary:
        shutil.copyfile(source, temporary)
        if _digest(temporary, "sha256") != sha256:
            raise FetchError(
                f"{source} is not the file that {mirrors.HASHES} describes (its SHA-256 differs): "
                "copy it into the mirror again, or unset COURSE_MIRROR."
            )


def _check(fresh: Path, file: WeightsFile) -> None:
    if file.digest and not _digest(fresh, file.algorithm).startswith(file.digest):
        rejected = file.path.with_name(f"{file.name}.rejected")
        os.replace(fresh, rejected)
        raise FetchError(
            f"{file.url} sent another file (its {file.algorithm} differs; kept as {rejected}): "
            f"try again later, or put the right file into {file.path.parent}."
        )


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
