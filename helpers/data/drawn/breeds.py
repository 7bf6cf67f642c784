"""How each breed looks: 37 recipes under the names of the Oxford-IIIT Pet data set.

A recipe is data only. `body.py`, `cat.py` and `dog.py` turn it into a picture.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Coat:
    """One colouring of a breed. Colours are "#rrggbb"; a colour left out is `base`'s.

    `pattern` is a set of words that `coat.py` knows how to paint, such as "tabby" or "blaze".
    """

    base: str
    mark: str = "#2b221d"
    light: str = "#f4eee4"
    head: str = ""
    ears: str = ""
    legs: str = ""
    tail: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Breed:
    """A breed and its recipe.

    name: the Oxford name. species: "cat" or "dog". coats: the colourings it comes in.
    eyes: colours of the iris. ears: the shape. ear: their size (1 is usual).
    width, jaw: of the face (1 is usual). muzzle: how long and heavy, 0 is flat.
    fur: coat length, 0 sleek to 1 shaggy. stout, legs: of the body (1 is usual).
    eye: size of the eyes. tail: its shape. traits: words for what only some breeds have.
    """

    name: str
    species: str
    coats: tuple[Coat, ...]
    eyes: tuple[str, ...]
    ears: str = "prick"
    ear: float = 1.0
    width: float = 1.0
    jaw: float = 1.0
    muzzle: float = 0.5
    fur: float = 0.1
    stout: float = 1.0
    legs: float = 1.0
    eye: float = 1.0
    tail: str = "long"
    traits: str = ""


def _cat(name, coats, eyes, **recipe):
    return Breed(name, "cat", tuple(coats), tuple(eyes.split()), **recipe)


def _dog(name, coats, eyes="#4a2a14 #33200f #5b3818", **recipe):
    return Breed(name, "dog", tuple(coats), tuple(eyes.split()), **recipe)


_COPPER, _GREEN, _BLUE, _GOLD = "#d9822b #c96f1e", "#8fbf4d #7fb069", "#4d9de0 #5fb0ea", "#e0b23c"

BREEDS: tuple[Breed, ...] = (
    _cat(
        "Abyssinian",
        [
            Coat("#b8743c", "#6b3a1c", "#e3bd92", pattern="ticked brow"),
            Coat("#c4703a", "#7d3f1e", "#efcaa0", pattern="ticked brow"),
        ],
        f"{_GOLD} #a8b548",
        ear=1.25,
        width=0.92,
        jaw=0.82,
        stout=0.85,
        legs=1.1,
    ),
    _dog(
        "american_bulldog",
        [
            Coat("#f3eee6", "#9b6a3f", pattern="patches eyepatch pinkish"),
            Coat("#f3eee6", "#6d5a4a", pattern="patches eyepatch pinkish"),
        ],
        ears="rose",
        width=1.08,
        jaw=1.25,
        muzzle=0.7,
        fur=0.02,
        stout=1.3,
        tail="whip",
        traits="jowls",
    ),
    _dog(
        "american_pit_bull_terrier",
        [
            Coat("#a9683c", "#70401f", pattern="bib muzzleless blazelet"),
            Coat("#737a85", "#4c525c", pattern="bib blazelet"),
            Coat("#8b4f2d", "#5a2f18", pattern="bib blazelet"),
        ],
        "#a07a2c #8a5a24 #6f7f4d",
        ears="rose",
        width=1.0,
        jaw=1.12,
        muzzle=0.65,
        fur=0.02,
        stout=1.12,
        tail="whip",
    ),
    _dog(
        "basset_hound",
        [
            Coat(
                "#f5efe4", "#2f2723", head="#a8642f", ears="#8a4a20", pattern="saddle blaze muzzle"
            ),
            Coat(
                "#f5efe4", "#a8642f", head="#b87440", ears="#9a5a2c", pattern="saddle blaze muzzle"
            ),
        ],
        ears="drop",
        ear=1.65,
        width=0.9,
        jaw=1.05,
        muzzle=1.0,
        fur=0.02,
        stout=1.2,
        legs=0.45,
        eye=0.85,
        tail="whip",
        traits="droopy jowls",
    ),
    _dog(
        "beagle",
        [
            Coat(
                "#f7f2ea", "#262120", head="#b5723a", ears="#9c5c2a", pattern="saddle blaze muzzle"
            ),
            Coat(
                "#f7f2ea", "#3a2a20", head="#c08246", ears="#a9682f", pattern="saddle blaze muzzle"
            ),
        ],
        ears="drop",
        ear=1.05,
        width=0.95,
        muzzle=0.7,
        fur=0.02,
        eye=1.1,
        tail="flag",
    ),
    _cat(
        "Bengal",
        [
            Coat("#d79c4d", "#38210f", "#f4dfb6", pattern="rosettes brow muzzle rings"),
            Coat("#c98b45", "#2d1b10", "#efd6a8", pattern="rosettes brow muzzle rings"),
        ],
        "#8fb84a #b7b545 #6fae70",
        ear=0.92,
        width=0.96,
        jaw=0.92,
        stout=0.95,
        legs=1.1,
    ),
    _cat(
        "Birman",
        [
            Coat("#f1e6d2", "#5b4434", pattern="points gloves"),
            Coat("#eee8e0", "#7b7d8a", pattern="points gloves"),
        ],
        _BLUE,
        ear=0.9,
        fur=0.6,
        tail="plume",
        traits="ruff",
    ),
    _cat("Bombay", [Coat("#211e22", "#141215", "#2b272d")], _COPPER, ear=0.95, width=1.02),
    _dog(
        "boxer",
        [
            Coat("#c58a50", "#2a211d", pattern="mask bib socks"),
            Coat("#a9693a", "#2a1d17", pattern="mask bib socks brindle"),
        ],
        ears="button",
        ear=0.95,
        width=0.95,
        jaw=1.2,
        muzzle=0.45,
        fur=0.02,
        legs=1.15,
        tail="stub",
        traits="jowls wrinkles",
    ),
    _cat(
        "British_Shorthair",
        [Coat("#808998", "#69717f", "#8f98a6"), Coat("#76808f", "#5f6877", "#8a93a2")],
        _COPPER,
        ear=0.72,
        width=1.16,
        jaw=1.16,
        fur=0.22,
        stout=1.25,
        legs=0.9,
        eye=1.1,
    ),
    _dog(
        "chihuahua",
        [
            Coat("#d9a565", "#8b5a2c", "#f6e3c4", pattern="muzzle bib"),
            Coat("#efdcbb", "#c59b66", pattern="muzzle"),
            Coat("#28211f", "#181413", "#b8753c", pattern="tan"),
            Coat("#a9a6a8", "#4b484d", pattern="merle muzzle"),
        ],
        ears="bat",
        ear=1.25,
        width=1.0,
        jaw=0.66,
        muzzle=0.35,
        fur=0.05,
        stout=0.75,
        legs=0.85,
        eye=1.35,
        tail="flag",
    ),
    _cat(
        "Egyptian_Mau",
        [
            Coat("#c6c5bf", "#37373b", "#e6e4de", pattern="spots brow rings"),
            Coat("#bdb8ac", "#3e3833", "#e2dccd", pattern="spots brow rings"),
        ],
        "#a5c95a #b4d468",
        ear=1.08,
        width=0.94,
        jaw=0.86,
        stout=0.85,
        legs=1.12,
    ),
    _dog(
        "english_cocker_spaniel",
        [
            Coat("#c07f3e", "#8c5423", "#d49a5c"),
            Coat("#262124", "#171416", "#332c30"),
            Coat("#b9bcc4", "#2b2a30", head="#2b2a30", ears="#232228", pattern="roan blaze muzzle"),
        ],
        ears="spaniel",
        ear=1.25,
        width=0.86,
        muzzle=0.75,
        fur=0.4,
        tail="stub",
        traits="topknot",
    ),
    _dog(
        "english_setter",
        [
            Coat("#f6f2ea", "#33302f", pattern="flecks", ears="#5a5452"),
            Coat("#f6f2ea", "#c07f45", pattern="flecks", ears="#cf9660"),
        ],
        ears="spaniel",
        ear=1.0,
        width=0.82,
        muzzle=1.0,
        fur=0.4,
        legs=1.2,
        tail="plume",
    ),
    _dog(
        "german_shorthaired",
        [
            Coat("#b5aba0", "#4a2c1c", head="#4f2f1d", ears="#422617", pattern="roan flecks2"),
            Coat("#54321f", "#3c2315", head="#4a2b1a", ears="#3f2416", pattern="bibroan"),
        ],
        "#a8702c #8a5a24",
        ears="drop",
        ear=0.95,
        width=0.85,
        muzzle=0.95,
        fur=0.0,
        legs=1.2,
        stout=0.92,
        tail="stub",
    ),
    _dog(
        "great_pyrenees",
        [Coat("#f6f3ec", "#d8cbb5", ears="#e8dcc6"), Coat("#f4f0e6", "#cfc0a6", ears="#dccbb0")],
        ears="drop",
        ear=0.72,
        width=1.05,
        muzzle=0.8,
        fur=0.75,
        stout=1.3,
        eye=0.85,
        tail="plume",
        traits="ruff",
    ),
    _dog(
        "havanese",
        [
            Coat("#efe2ca", "#c9a678", ears="#d8b98c"),
            Coat("#f5f0e8", "#4a3c34", ears="#4a3c34", pattern="patches eyepatch"),
            Coat("#b98e5e", "#8a623a", "#dcbf95", ears="#a57a4b"),
        ],
        ears="shaggy",
        ear=0.95,
        width=1.0,
        muzzle=0.5,
        fur=0.95,
        legs=0.65,
        tail="plume",
        traits="fringe beard",
    ),
    _dog(
        "japanese_chin",
        [
            Coat("#f7f4ef", "#221f22", ears="#221f22", pattern="patches hood blaze"),
            Coat("#f7f4ef", "#b0703c", ears="#a9682f", pattern="patches hood blaze"),
        ],
        ears="spaniel",
        ear=0.82,
        width=1.08,
        jaw=0.95,
        muzzle=0.15,
        fur=0.6,
        legs=0.65,
        eye=1.35,
        tail="plume",
        traits="wide",
    ),
    _dog(
        "keeshond",
        [
            Coat(
                "#a7a49f", "#38363a", "#e3ddd0", ears="#38363a", pattern="spectacles shaded mask2"
            ),
            Coat(
                "#98948e", "#2f2d31", "#d9d2c3", ears="#2f2d31", pattern="spectacles shaded mask2"
            ),
        ],
        ears="prick",
        ear=0.68,
        width=0.98,
        jaw=0.85,
        muzzle=0.55,
        fur=0.85,
        stout=1.25,
        tail="curl",
        traits="ruff mane",
    ),
    _dog(
        "leonberger",
        [
            Coat("#b9813f", "#2c211b", ears="#5a3c22", pattern="mask shaded"),
            Coat("#a8682f", "#261c17", ears="#4a2f1c", pattern="mask shaded"),
        ],
        ears="drop",
        ear=0.82,
        width=1.0,
        muzzle=0.85,
        fur=0.8,
        stout=1.3,
        eye=0.85,
        tail="plume",
        traits="ruff mane",
    ),
    _cat(
        "Maine_Coon",
        [
            Coat("#93704a", "#3b281a", "#e0c9a4", pattern="tabby brow muzzle bib rings"),
            Coat("#c9823f", "#8a4a1c", "#f5e2c4", pattern="tabby brow muzzle bib rings"),
            Coat("#9a9a97", "#3c3c3e", "#ececea", pattern="tabby brow muzzle bib rings"),
        ],
        "#c9b043 #a3b84b #d69a35",
        ear=1.3,
        width=0.95,
        jaw=1.05,
        muzzle=0.75,
        fur=0.7,
        stout=1.15,
        tail="plume",
        traits="ruff tufts",
    ),
    _dog(
        "miniature_pinscher",
        [
            Coat("#231d1b", "#141110", "#b4672d", pattern="tan"),
            Coat("#a85528", "#7a3818", "#b9683a"),
            Coat("#231d1b", "#141110", "#b4672d", pattern="tan"),
        ],
        ears="prick",
        ear=1.15,
        width=0.78,
        jaw=0.72,
        muzzle=0.8,
        fur=0.0,
        stout=0.72,
        legs=1.15,
        eye=0.95,
        tail="stub",
    ),
    _dog(
        "newfoundland",
        [Coat("#252226", "#161418", "#302c31"), Coat("#3b2a22", "#281b15", "#48342a")],
        ears="drop",
        ear=0.78,
        width=1.12,
        jaw=1.1,
        muzzle=0.85,
        fur=0.8,
        stout=1.4,
        eye=0.8,
        tail="plume",
        traits="ruff jowls",
    ),
    _cat(
        "Persian",
        [
            Coat("#f6f1e8", "#e2d6c4"),
            Coat("#e3c193", "#c79a63", "#f4dfbf"),
            Coat("#a3a8b1", "#858b95", "#bcc0c8"),
            Coat("#d9924e", "#ad6528", "#f0c493", pattern="brow"),
        ],
        _COPPER,
        ear=0.55,
        width=1.22,
        jaw=1.1,
        muzzle=0.1,
        fur=1.0,
        stout=1.35,
        legs=0.7,
        eye=1.15,
        tail="plume",
        traits="ruff flat",
    ),
    _dog(
        "pomeranian",
        [
            Coat("#d98a3d", "#a96022", "#f2c68a", pattern="cheeks"),
            Coat("#e3a158", "#b8722f", "#f7d6a6", pattern="cheeks"),
            Coat("#f0dfc2", "#cfae7f", "#faf0de", pattern="cheeks"),
        ],
        ears="prick",
        ear=0.5,
        width=1.0,
        jaw=0.7,
        muzzle=0.3,
        fur=1.0,
        stout=1.15,
        legs=0.6,
        eye=1.05,
        tail="curl",
        traits="ruff mane",
    ),
    _dog(
        "pug",
        [
            Coat("#dcbb8a", "#2a2422", ears="#2a2422", pattern="mask"),
            Coat("#d2ad7c", "#262020", ears="#262020", pattern="mask"),
            Coat("#2a2628", "#19171a", "#353034"),
        ],
        ears="button",
        ear=0.68,
        width=1.15,
        jaw=1.1,
        muzzle=0.2,
        fur=0.02,
        stout=1.3,
        legs=0.7,
        eye=1.4,
        tail="curl",
        traits="wrinkles wide jowls",
    ),
    _cat(
        "Ragdoll",
        [
            Coat("#f0e9dd", "#7a6250", pattern="points blaze muzzle bib gloves"),
            Coat("#f0edea", "#83858f", pattern="points blaze muzzle bib gloves"),
        ],
        _BLUE,
        ear=0.88,
        width=1.06,
        jaw=1.02,
        fur=0.75,
        stout=1.2,
        tail="plume",
        traits="ruff",
    ),
    _cat(
        "Russian_Blue",
        [Coat("#8592a3", "#6b7787", "#99a5b4"), Coat("#7b899b", "#626f7f", "#919eae")],
        "#7cc05a #8dcb5f",
        ear=1.15,
        width=0.9,
        jaw=0.84,
        fur=0.1,
        stout=0.8,
        legs=1.12,
    ),
    _dog(
        "saint_bernard",
        [
            Coat(
                "#f6f1e8",
                "#a3582a",
                head="#a3582a",
                ears="#6e3518",
                pattern="patches blaze muzzle eyerim",
            ),
            Coat(
                "#f6f1e8",
                "#8a4622",
                head="#8a4622",
                ears="#4f2815",
                pattern="patches blaze muzzle eyerim",
            ),
        ],
        ears="drop",
        ear=0.85,
        width=1.08,
        jaw=1.18,
        muzzle=0.85,
        fur=0.5,
        stout=1.4,
        eye=0.85,
        tail="plume",
        traits="jowls droopy",
    ),
    _dog(
        "samoyed",
        [Coat("#f9f7f2", "#e0d9cb"), Coat("#f7f2e8", "#ddd0ba")],
        ears="prick",
        ear=0.72,
        width=1.02,
        jaw=0.9,
        muzzle=0.6,
        fur=0.9,
        stout=1.25,
        tail="curl",
        traits="ruff mane smile",
    ),
    _dog(
        "scottish_terrier",
        [Coat("#27252a", "#161518", "#333036"), Coat("#312e30", "#1d1b1d", "#454043")],
        ears="prick",
        ear=0.95,
        width=0.82,
        jaw=1.1,
        muzzle=1.0,
        fur=0.65,
        stout=1.2,
        legs=0.45,
        eye=0.85,
        tail="flag",
        traits="beard brows skirt",
    ),
    _dog(
        "shiba_inu",
        [
            Coat("#cf8142", "#9c5522", "#faf0e0", pattern="cheeks bib socks"),
            Coat("#c87436", "#914a1b", "#f8ecd9", pattern="cheeks bib socks"),
            Coat("#2b2523", "#1a1615", "#e9cfa9", pattern="cheeks tan bib"),
        ],
        ears="prick",
        ear=0.85,
        width=1.05,
        jaw=0.95,
        muzzle=0.5,
        fur=0.25,
        eye=0.8,
        tail="curl",
        traits="smile",
    ),
    _cat(
        "Siamese",
        [
            Coat("#ecdcc3", "#38271f", pattern="points"),
            Coat("#e8ddd0", "#5f606b", pattern="points"),
            Coat("#efe0c8", "#4a3023", pattern="points"),
        ],
        "#3f8fdc #56a8ec",
        ear=1.45,
        width=0.82,
        jaw=0.68,
        fur=0.0,
        stout=0.72,
        legs=1.2,
    ),
    _cat(
        "Sphynx",
        [
            Coat("#deb09a", "#b98571", "#ebc5b3", ears="#d9a18c", pattern="bald"),
            Coat("#a8938f", "#7d6a68", "#c9aaa4", ears="#b08f8a", pattern="bald"),
            Coat("#e2b7a3", "#6f5a55", "#efd0c1", pattern="bald patches"),
        ],
        "#b5c95a #6fb4d8 #d8b845",
        ear=1.65,
        width=0.88,
        jaw=0.78,
        fur=0.0,
        stout=0.8,
        legs=1.1,
        eye=1.15,
        tail="rat",
        traits="wrinkles bald",
    ),
    _dog(
        "staffordshire_bull_terrier",
        [
            Coat("#6b4a32", "#2a1d15", pattern="brindle bib"),
            Coat("#2a2527", "#191618", pattern="bib"),
            Coat("#5b432f", "#231a14", pattern="brindle bib"),
        ],
        ears="rose",
        ear=0.85,
        width=1.15,
        jaw=1.12,
        muzzle=0.4,
        fur=0.02,
        stout=1.28,
        legs=0.85,
        tail="whip",
        traits="smile",
    ),
    _dog(
        "wheaten_terrier",
        [Coat("#d9b98a", "#b48f5d", "#e7cfa8"), Coat("#d0ab77", "#a67f4c", "#e0c496")],
        ears="button",
        ear=0.85,
        width=0.95,
        jaw=1.12,
        muzzle=0.85,
        fur=0.85,
        legs=1.1,
        tail="flag",
        traits="fringe beard curly",
    ),
    _dog(
        "yorkshire_terrier",
        [
            Coat(
                "#5d6570", "#3d434c", head="#c08a4c", ears="#b0763a", legs="#c08a4c", pattern="silk"
            ),
            Coat(
                "#4e5561", "#343a44", head="#b87f40", ears="#a56a30", legs="#b87f40", pattern="silk"
            ),
        ],
        ears="prick",
        ear=0.75,
        width=0.9,
        jaw=0.85,
        muzzle=0.4,
        fur=0.8,
        stout=0.85,
        legs=0.6,
        eye=1.1,
        tail="flag",
        traits="moustache bow skirt",
    ),
)
