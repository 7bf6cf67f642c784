"""Which sets of photographs the course knows: where they are published, how large, whose they are.

Sizes and hashes are those that torchvision, TensorFlow Datasets and keras-io pin. An archive with
several hosts is asked from each in turn. fast.ai's copy of the Oxford pets is not among them: it
is packed in another layout and its hash is not published.
"""

import difflib
from dataclasses import dataclass

from helpers.errors import CourseError

MB = 1_000_000


@dataclass(frozen=True)
class Archive:
    """One published file.

    name: its file name, which a classroom mirror uses too. urls: where it is published. size: its
    bytes. sha256: its published hash, None where nobody published one (then the size is checked,
    and the hash found is written down). most_bytes, most_files: what it may unpack to at most.
    """

    name: str
    urls: tuple[str, ...]
    size: int
    sha256: str | None
    most_bytes: int
    most_files: int


@dataclass(frozen=True)
class Source:
    """A set of photographs: its archives, what they unpack to, its licence, its classes."""

    name: str
    title: str
    archives: tuple[Archive, ...]
    layout: str
    classes: tuple[str, ...]
    photographs: int
    licence: str
    licence_url: str
    citation: str

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(archive.size for archive in self.archives)


_ASIRRA = (
    "Elson, Douceur, Howell and Saul, Asirra: A CAPTCHA that Exploits Interest-Aligned Manual "
    "Image Categorization, CCS 2007"
)

# The published order: class 1 first. Names of cats start with a capital.
_BREEDS = """
    Abyssinian american_bulldog american_pit_bull_terrier basset_hound beagle Bengal Birman
    Bombay boxer British_Shorthair chihuahua Egyptian_Mau english_cocker_spaniel english_setter
    german_shorthaired great_pyrenees havanese japanese_chin keeshond leonberger Maine_Coon
    miniature_pinscher newfoundland Persian pomeranian pug Ragdoll Russian_Blue saint_bernard
    samoyed scottish_terrier shiba_inu Siamese Sphynx staffordshire_bull_terrier wheaten_terrier
    yorkshire_terrier
"""
BREEDS = tuple(_BREEDS.split())


def _oxford(name: str, size: int, sha256: str, most_bytes: int) -> Archive:
    hosts = (
        "https://thor.robots.ox.ac.uk/pets/",
        "https://thor.robots.ox.ac.uk/~vgg/data/pets/",
        "https://www.robots.ox.ac.uk/~vgg/data/pets/data/",
    )
    return Archive(name, tuple(host + name for host in hosts), size, sha256, most_bytes, 50_000)


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            name="cats-vs-dogs-small",
            title="Cats and dogs, 3,000 photographs",
            archives=(
                Archive(
                    "cats_and_dogs_filtered.zip",
                    ("https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip",),
                    68_606_236,
                    None,
                    most_bytes=400 * MB,
                    most_files=20_000,
                ),
            ),
            layout="cats_and_dogs_filtered/{train,validation}/{cats,dogs}/{cat,dog}.N.jpg",
            classes=("cat", "dog"),
            photographs=3_000,
            licence="a part of Microsoft Cats vs Dogs (CDLA-Permissive-2.0)",
            licence_url="https://cdla.dev/permissive-2-0/",
            citation=_ASIRRA,
        ),
        Source(
            name="cats-vs-dogs",
            title="Microsoft Cats vs Dogs, 25,000 photographs",
            archives=(
                Archive(
                    "kagglecatsanddogs_5340.zip",
                    (
                        "https://download.microsoft.com/download/3/E/1/"
                        "3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
                    ),
                    824_887_076,
                    "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
                    most_bytes=2_000 * MB,
                    most_files=60_000,
                ),
            ),
            layout="PetImages/{Cat,Dog}/N.jpg",
            classes=("cat", "dog"),
            photographs=25_000,
            licence="CDLA-Permissive-2.0",
            licence_url="https://cdla.dev/permissive-2-0/",
            citation=_ASIRRA,
        ),
        Source(
            name="oxford-pets",
            title="Oxford-IIIT Pet, 37 breeds, 7,349 photographs",
            archives=(
                _oxford(
                    "images.tar.gz",
                    791_918_971,
                    "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
                    2_000 * MB,
                ),
                _oxford(
                    "annotations.tar.gz",
                    19_173_078,
                    "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91",
                    500 * MB,
                ),
            ),
            layout="images/BREED_N.jpg, annotations/{list,trainval,test}.txt",
            classes=BREEDS,
            photographs=7_349,
            licence="CC BY-SA 4.0",
            licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
            citation="Parkhi, Vedaldi, Zisserman and Jawahar, Cats and Dogs, CVPR 2012",
        ),
    )
}


def source(name: str) -> Source:
    """The source called `name`. Raises CourseError, with near names, where there is none."""
    if isinstance(name, str) and name in SOURCES:
        return SOURCES[name]
    near = difflib.get_close_matches(str(name).lower().replace("_", "-"), SOURCES, n=2, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"choose {', '.join(SOURCES)}."
    raise CourseError(f"There is no set of photographs called {name!r}: {hint}")
