"""How each dog breed looks.

A line of words: the ears, the tail, then what else is special. Then the shape, the colours of
the eyes where they are not brown, and the coats the breed comes in. `recipe.py` says what the
names mean.
"""

from helpers.data.drawn.recipe import Breed, Coat

BROWN = "#4a2a14 #33200f #5b3818"


def _dog(name, words, shape, coats):
    ears, tail, *traits = words.split()
    shape["eyes"] = tuple(shape.get("eyes", BROWN).split())
    return Breed(name, "dog", tuple(coats), ears=ears, tail=tail, traits=" ".join(traits), **shape)


DOGS: tuple[Breed, ...] = (
    _dog(
        "american_bulldog",
        "rose whip jowls",
        dict(width=1.08, jaw=1.25, muzzle=0.7, fur=0.02, stout=1.3),
        [
            Coat("#f3eee6", "#9b6a3f", pattern="patches eyepatch"),
            Coat("#f3eee6", "#6d5a4a", pattern="patches eyepatch"),
        ],
    ),
    _dog(
        "american_pit_bull_terrier",
        "rose whip",
        dict(jaw=1.12, muzzle=0.65, fur=0.02, stout=1.12, eyes="#a07a2c #8a5a24 #6f7f4d"),
        [
            Coat("#a9683c", "#70401f", pattern="bib blazelet"),
            Coat("#737a85", "#4c525c", pattern="bib blazelet"),
            Coat("#8b4f2d", "#5a2f18", pattern="bib blazelet"),
        ],
    ),
    _dog(
        "basset_hound",
        "drop whip droopy jowls",
        dict(ear=1.65, width=0.9, jaw=1.05, muzzle=1.0, fur=0.02, stout=1.2, legs=0.45, eye=0.85),
        [
            Coat(
                "#f5efe4", "#2f2723", head="#a8642f", ears="#8a4a20", pattern="saddle blaze muzzle"
            ),
            Coat(
                "#f5efe4", "#a8642f", head="#b87440", ears="#9a5a2c", pattern="saddle blaze muzzle"
            ),
        ],
    ),
    _dog(
        "beagle",
        "drop flag",
        dict(ear=1.05, width=0.95, muzzle=0.7, fur=0.02, eye=1.1),
        [
            Coat(
                "#f7f2ea", "#262120", head="#b5723a", ears="#9c5c2a", pattern="saddle blaze muzzle"
            ),
            Coat(
                "#f7f2ea", "#3a2a20", head="#c08246", ears="#a9682f", pattern="saddle blaze muzzle"
            ),
        ],
    ),
    _dog(
        "boxer",
        "button stub jowls wrinkles",
        dict(ear=0.95, width=0.95, jaw=1.2, muzzle=0.45, fur=0.02, legs=1.15),
        [
            Coat("#c58a50", "#2a211d", pattern="mask bib socks"),
            Coat("#a9693a", "#2a1d17", pattern="mask bib socks brindle"),
        ],
    ),
    _dog(
        "chihuahua",
        "bat flag",
        dict(ear=1.25, jaw=0.66, muzzle=0.35, fur=0.05, stout=0.75, legs=0.85, eye=1.35),
        [
            Coat("#d9a565", "#8b5a2c", "#f6e3c4", pattern="muzzle bib"),
            Coat("#efdcbb", "#c59b66", pattern="muzzle"),
            Coat("#28211f", "#181413", "#b8753c", pattern="tan"),
            Coat("#a9a6a8", "#4b484d", pattern="merle muzzle"),
        ],
    ),
    _dog(
        "english_cocker_spaniel",
        "spaniel stub topknot",
        dict(ear=1.25, width=0.86, muzzle=0.75, fur=0.4),
        [
            Coat("#c07f3e", "#8c5423", "#d49a5c"),
            Coat("#262124", "#171416", "#332c30"),
            Coat("#b9bcc4", "#2b2a30", head="#2b2a30", ears="#232228", pattern="roan blaze muzzle"),
        ],
    ),
    _dog(
        "english_setter",
        "spaniel plume",
        dict(width=0.82, muzzle=1.0, fur=0.4, legs=1.2),
        [
            Coat("#f6f2ea", "#33302f", ears="#5a5452", pattern="flecks"),
            Coat("#f6f2ea", "#c07f45", ears="#cf9660", pattern="flecks"),
        ],
    ),
    _dog(
        "german_shorthaired",
        "drop stub",
        dict(
            ear=0.95, width=0.85, muzzle=0.95, fur=0.0, stout=0.92, legs=1.2, eyes="#a8702c #8a5a24"
        ),
        [
            Coat("#b5aba0", "#4a2c1c", head="#4f2f1d", ears="#422617", pattern="roan flecks2"),
            Coat("#54321f", "#3c2315", head="#4a2b1a", ears="#3f2416", pattern="bibroan"),
        ],
    ),
    _dog(
        "great_pyrenees",
        "drop plume ruff",
        dict(ear=0.72, width=1.05, muzzle=0.8, fur=0.75, stout=1.3, eye=0.85),
        [Coat("#f6f3ec", "#d8cbb5", ears="#e8dcc6"), Coat("#f4f0e6", "#cfc0a6", ears="#dccbb0")],
    ),
    _dog(
        "havanese",
        "shaggy plume fringe beard",
        dict(ear=0.95, fur=0.95, legs=0.65),
        [
            Coat("#efe2ca", "#c9a678", ears="#d8b98c"),
            Coat("#f5f0e8", "#4a3c34", ears="#4a3c34", pattern="patches eyepatch"),
            Coat("#b98e5e", "#8a623a", "#dcbf95", ears="#a57a4b"),
        ],
    ),
    _dog(
        "japanese_chin",
        "spaniel plume wide",
        dict(ear=0.82, width=1.08, jaw=0.95, muzzle=0.15, fur=0.6, legs=0.65, eye=1.35),
        [
            Coat("#f7f4ef", "#221f22", ears="#221f22", pattern="patches hood blaze"),
            Coat("#f7f4ef", "#b0703c", ears="#a9682f", pattern="patches hood blaze"),
        ],
    ),
    _dog(
        "keeshond",
        "prick curl ruff mane",
        dict(ear=0.68, width=0.98, jaw=0.85, muzzle=0.55, fur=0.85, stout=1.25),
        [
            Coat(
                "#a7a49f", "#38363a", "#e3ddd0", ears="#38363a", pattern="spectacles shaded mask2"
            ),
            Coat(
                "#98948e", "#2f2d31", "#d9d2c3", ears="#2f2d31", pattern="spectacles shaded mask2"
            ),
        ],
    ),
    _dog(
        "leonberger",
        "drop plume ruff mane",
        dict(ear=0.82, muzzle=0.85, fur=0.8, stout=1.3, eye=0.85),
        [
            Coat("#b9813f", "#2c211b", ears="#5a3c22", pattern="mask shaded"),
            Coat("#a8682f", "#261c17", ears="#4a2f1c", pattern="mask shaded"),
        ],
    ),
    _dog(
        "miniature_pinscher",
        "prick stub",
        dict(ear=1.15, width=0.78, jaw=0.72, muzzle=0.8, fur=0.0, stout=0.72, legs=1.15, eye=0.95),
        [
            Coat("#231d1b", "#141110", "#b4672d", pattern="tan"),
            Coat("#a85528", "#7a3818", "#b9683a"),
            Coat("#231d1b", "#141110", "#b4672d", pattern="tan"),
        ],
    ),
    _dog(
        "newfoundland",
        "drop plume ruff jowls",
        dict(ear=0.78, width=1.12, jaw=1.1, muzzle=0.85, fur=0.8, stout=1.4, eye=0.8),
        [Coat("#252226", "#161418", "#302c31"), Coat("#3b2a22", "#281b15", "#48342a")],
    ),
    _dog(
        "pomeranian",
        "prick curl ruff mane",
        dict(ear=0.5, jaw=0.7, muzzle=0.3, fur=1.0, stout=1.15, legs=0.6, eye=1.05),
        [
            Coat("#d98a3d", "#a96022", "#f2c68a", pattern="cheeks"),
            Coat("#e3a158", "#b8722f", "#f7d6a6", pattern="cheeks"),
            Coat("#f0dfc2", "#cfae7f", "#faf0de", pattern="cheeks"),
        ],
    ),
    _dog(
        "pug",
        "button curl wrinkles wide jowls",
        dict(ear=0.68, width=1.15, jaw=1.1, muzzle=0.2, fur=0.02, stout=1.3, legs=0.7, eye=1.4),
        [
            Coat("#dcbb8a", "#2a2422", ears="#2a2422", pattern="mask"),
            Coat("#d2ad7c", "#262020", ears="#262020", pattern="mask"),
            Coat("#2a2628", "#19171a", "#353034"),
        ],
    ),
    _dog(
        "saint_bernard",
        "drop plume jowls droopy",
        dict(ear=0.85, width=1.08, jaw=1.18, muzzle=0.85, fur=0.5, stout=1.4, eye=0.85),
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
    ),
    _dog(
        "samoyed",
        "prick curl ruff mane smile",
        dict(ear=0.72, width=1.02, jaw=0.9, muzzle=0.6, fur=0.9, stout=1.25),
        [Coat("#f9f7f2", "#e0d9cb"), Coat("#f7f2e8", "#ddd0ba")],
    ),
    _dog(
        "scottish_terrier",
        "prick flag beard brows skirt",
        dict(ear=0.95, width=0.82, jaw=1.1, muzzle=1.0, fur=0.65, stout=1.2, legs=0.45, eye=0.85),
        [Coat("#27252a", "#161518", "#333036"), Coat("#312e30", "#1d1b1d", "#454043")],
    ),
    _dog(
        "shiba_inu",
        "prick curl smile",
        dict(ear=0.85, width=1.05, jaw=0.95, fur=0.25, eye=0.8),
        [
            Coat("#cf8142", "#9c5522", "#faf0e0", pattern="cheeks bib socks"),
            Coat("#c87436", "#914a1b", "#f8ecd9", pattern="cheeks bib socks"),
            Coat("#2b2523", "#1a1615", "#e9cfa9", pattern="cheeks tan bib"),
        ],
    ),
    _dog(
        "staffordshire_bull_terrier",
        "rose whip smile",
        dict(ear=0.85, width=1.15, jaw=1.12, muzzle=0.4, fur=0.02, stout=1.28, legs=0.85),
        [
            Coat("#6b4a32", "#2a1d15", pattern="brindle bib"),
            Coat("#2a2527", "#191618", pattern="bib"),
            Coat("#5b432f", "#231a14", pattern="brindle bib"),
        ],
    ),
    _dog(
        "wheaten_terrier",
        "button flag fringe beard curly",
        dict(ear=0.85, width=0.95, jaw=1.12, muzzle=0.85, fur=0.85, legs=1.1),
        [Coat("#d9b98a", "#b48f5d", "#e7cfa8"), Coat("#d0ab77", "#a67f4c", "#e0c496")],
    ),
    _dog(
        "yorkshire_terrier",
        "prick flag moustache bow skirt",
        dict(ear=0.75, width=0.9, jaw=0.85, muzzle=0.4, fur=0.8, stout=0.85, legs=0.6, eye=1.1),
        [
            Coat(
                "#5d6570", "#3d434c", head="#c08a4c", ears="#b0763a", legs="#c08a4c", pattern="silk"
            ),
            Coat(
                "#4e5561", "#343a44", head="#b87f40", ears="#a56a30", legs="#b87f40", pattern="silk"
            ),
        ],
    ),
)
