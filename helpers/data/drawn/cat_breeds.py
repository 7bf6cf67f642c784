"""How each cat breed looks.

A line of words: the tail, then what else is special. Then the shape, the colours of the eyes,
and the coats the breed comes in. `recipe.py` says what the names mean.
"""

from helpers.data.drawn.recipe import Breed, Coat


def _cat(name, words, shape, coats):
    tail, *traits = words.split()
    shape["eyes"] = tuple(shape["eyes"].split())
    return Breed(name, "cat", tuple(coats), tail=tail, traits=" ".join(traits), **shape)


CATS: tuple[Breed, ...] = (
    _cat(
        "Abyssinian",
        "long",
        dict(ear=1.25, width=0.92, jaw=0.82, stout=0.85, legs=1.1, eyes="#e0b23c #a8b548"),
        [
            Coat("#b8743c", "#6b3a1c", "#e3bd92", pattern="ticked brow"),
            Coat("#c4703a", "#7d3f1e", "#efcaa0", pattern="ticked brow"),
        ],
    ),
    _cat(
        "Bengal",
        "long",
        dict(ear=0.92, width=0.96, jaw=0.92, stout=0.95, legs=1.1, eyes="#8fb84a #b7b545 #6fae70"),
        [
            Coat("#d79c4d", "#38210f", "#f4dfb6", pattern="rosettes brow muzzle rings"),
            Coat("#c98b45", "#2d1b10", "#efd6a8", pattern="rosettes brow muzzle rings"),
        ],
    ),
    _cat(
        "Birman",
        "plume ruff",
        dict(ear=0.9, fur=0.6, eyes="#4d9de0 #5fb0ea"),
        [
            Coat("#f1e6d2", "#5b4434", pattern="points gloves"),
            Coat("#eee8e0", "#7b7d8a", pattern="points gloves"),
        ],
    ),
    _cat(
        "Bombay",
        "long",
        dict(ear=0.95, width=1.02, eyes="#d9822b #c96f1e"),
        [Coat("#211e22", "#141215", "#2b272d")],
    ),
    _cat(
        "British_Shorthair",
        "long",
        dict(
            ear=0.72,
            width=1.16,
            jaw=1.16,
            fur=0.22,
            stout=1.25,
            legs=0.9,
            eye=1.1,
            eyes="#d9822b #c96f1e",
        ),
        [Coat("#808998", "#69717f", "#8f98a6"), Coat("#76808f", "#5f6877", "#8a93a2")],
    ),
    _cat(
        "Egyptian_Mau",
        "long",
        dict(ear=1.08, width=0.94, jaw=0.86, stout=0.85, legs=1.12, eyes="#a5c95a #b4d468"),
        [
            Coat("#c6c5bf", "#37373b", "#e6e4de", pattern="spots brow rings"),
            Coat("#bdb8ac", "#3e3833", "#e2dccd", pattern="spots brow rings"),
        ],
    ),
    _cat(
        "Maine_Coon",
        "plume ruff tufts",
        dict(
            ear=1.3,
            width=0.95,
            jaw=1.05,
            muzzle=0.75,
            fur=0.7,
            stout=1.15,
            eyes="#c9b043 #a3b84b #d69a35",
        ),
        [
            Coat("#93704a", "#3b281a", "#e0c9a4", pattern="tabby brow muzzle bib rings"),
            Coat("#c9823f", "#8a4a1c", "#f5e2c4", pattern="tabby brow muzzle bib rings"),
            Coat("#9a9a97", "#3c3c3e", "#ececea", pattern="tabby brow muzzle bib rings"),
        ],
    ),
    _cat(
        "Persian",
        "plume ruff flat",
        dict(
            ear=0.55,
            width=1.22,
            jaw=1.1,
            muzzle=0.1,
            fur=1.0,
            stout=1.35,
            legs=0.7,
            eye=1.15,
            eyes="#d9822b #c96f1e",
        ),
        [
            Coat("#f6f1e8", "#e2d6c4"),
            Coat("#e3c193", "#c79a63", "#f4dfbf"),
            Coat("#a3a8b1", "#858b95", "#bcc0c8"),
            Coat("#d9924e", "#ad6528", "#f0c493", pattern="brow"),
        ],
    ),
    _cat(
        "Ragdoll",
        "plume ruff",
        dict(ear=0.88, width=1.06, jaw=1.02, fur=0.75, stout=1.2, eyes="#4d9de0 #5fb0ea"),
        [
            Coat("#f0e9dd", "#7a6250", pattern="points blaze muzzle bib gloves"),
            Coat("#f0edea", "#83858f", pattern="points blaze muzzle bib gloves"),
        ],
    ),
    _cat(
        "Russian_Blue",
        "long",
        dict(ear=1.15, width=0.9, jaw=0.84, stout=0.8, legs=1.12, eyes="#7cc05a #8dcb5f"),
        [Coat("#8592a3", "#6b7787", "#99a5b4"), Coat("#7b899b", "#626f7f", "#919eae")],
    ),
    _cat(
        "Siamese",
        "long",
        dict(ear=1.45, width=0.82, jaw=0.68, fur=0.0, stout=0.72, legs=1.2, eyes="#3f8fdc #56a8ec"),
        [
            Coat("#ecdcc3", "#38271f", pattern="points"),
            Coat("#e8ddd0", "#5f606b", pattern="points"),
            Coat("#efe0c8", "#4a3023", pattern="points"),
        ],
    ),
    _cat(
        "Sphynx",
        "rat wrinkles bald",
        dict(
            ear=1.65,
            width=0.88,
            jaw=0.78,
            fur=0.0,
            stout=0.8,
            legs=1.1,
            eye=1.15,
            eyes="#b5c95a #6fb4d8 #d8b845",
        ),
        [
            Coat("#deb09a", "#b98571", "#ebc5b3", ears="#d9a18c", pattern="bald"),
            Coat("#a8938f", "#7d6a68", "#c9aaa4", ears="#b08f8a", pattern="bald"),
            Coat("#e2b7a3", "#6f5a55", "#efd0c1", pattern="bald patches"),
        ],
    ),
)
