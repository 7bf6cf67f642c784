"""The figures of the lesson pages that no notebook shows: two diagrams and a chart.

They hold few words, since the English and the Hebrew page show the same files.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon

from helpers.plotting import COLOURS, Drawing, _plain, figure

BLUE, ORANGE, GREEN = COLOURS[:3]
GREY, INK = "#DDE3EA", "#1A1A1A"


def idea() -> Drawing:
    """Two ways to transfer: a frozen backbone with a new head, and fine-tuning its last stage."""
    from helpers.data import drawn

    made, ((axis,),) = figure(1, 1, 9.2, 4.6)
    _blank(axis, 92, 46)
    pet = drawn.picture("Bengal", 3, 256)
    rows = ((34, 1, "frozen"), (11, 2, "fine-tuning"))
    for middle, number, title in rows:
        axis.text(2, middle + 10.3, f"{number}.  {title}", fontsize=12, weight="bold", color=INK)
        _picture(axis, pet, 2, middle - 7, 14)
        _arrow(axis, (17, middle), (22, middle))
        for i, height in enumerate((16, 13.5, 11, 8.5)):
            tuned = number == 2 and i == 3
            face, edge = ("#FBE3D0", ORANGE) if tuned else (GREY, BLUE)
            left = 23 + 7 * i
            corners = [
                (left, middle - height / 2),
                (left + 5.6, middle - height / 2 + 1.2),
                (left + 5.6, middle + height / 2 - 1.2),
                (left, middle + height / 2),
            ]
            axis.add_patch(Polygon(corners, facecolor=face, edgecolor=edge, lw=1.6))
        axis.text(36, middle - 11, "backbone", ha="center", fontsize=11, color=BLUE)
        _arrow(axis, (51, middle), (55, middle))
        for i, value in enumerate(np.random.default_rng(4).random(9)):
            box = (56, middle - 6.7 + 1.5 * i)
            shade = str(0.95 - 0.7 * value)
            axis.add_patch(FancyBboxPatch(box, 2.4, 1.2, boxstyle="square,pad=0", facecolor=shade))
        axis.text(57.2, middle - 11, "features", ha="center", fontsize=11, color=INK)
        _arrow(axis, (60, middle), (64, middle))
        _box(axis, 65, middle - 4, 8, 8, "head", ORANGE, "#FBE3D0")
        for word, shift in (("cat", 4), ("dog", -4)):
            _arrow(axis, (74, middle), (79, middle + shift))
            axis.text(80, middle + shift, word, va="center", fontsize=12, color=INK)
    marks = ((2, BLUE, GREY, "frozen"), (18, ORANGE, "#FBE3D0", "trained"))
    for x, edge, face, word in marks:
        box = FancyBboxPatch(
            (70 + x / 1.4, 44.3), 2, 1.4, boxstyle="square", facecolor=face, edgecolor=edge
        )
        axis.add_patch(box)
        axis.text(73.4 + x / 1.4, 45, word, va="center", fontsize=10, color=edge)
    axis.text(47, 21, "low rate", ha="center", fontsize=10, color=ORANGE)
    return Drawing(made, "Two networks: a frozen backbone with a new head, and fine-tuning.")


def loop() -> Drawing:
    """The optimisation of a picture: picture, frozen network, loss, gradient, and round again."""
    made, ((axis,),) = figure(1, 1, 8, 4.2)
    _blank(axis, 80, 42)
    noise = np.random.default_rng(0).normal(0.5, 0.12, (24, 24, 3)).clip(0, 1)
    _picture(axis, noise, 5, 24, 14)
    axis.text(12, 39.4, "picture $x$", ha="center", fontsize=12, color=GREEN)
    _box(axis, 32, 25, 17, 12, "network\n(frozen)", BLUE, GREY)
    _box(axis, 58, 25, 18, 12, "$p_c(x)$", INK, "white", 15)
    _box(axis, 52, 4, 24, 10, r"loss $L = -\log p_c + \lambda V$", ORANGE, "#FBE3D0", 12)
    _box(axis, 5, 4, 24, 10, r"gradient $\nabla_x L$", GREEN, "#D9F0E7", 12)
    for start, end in (
        ((20, 31), (31, 31)),
        ((50, 31), (57, 31)),
        ((67, 24), (67, 15)),
        ((51, 9), (30, 9)),
        ((12, 15), (12, 23)),
    ):
        _arrow(axis, start, end)
    axis.text(
        15, 19, r"$x \leftarrow x - \eta\, \nabla_x L$", fontsize=13, color=GREEN, va="center"
    )
    return Drawing(made, "The loop: picture, frozen network, probability, loss, gradient, picture.")


def networks(rows: Sequence[dict], cores: int) -> Drawing:
    """Speed against accuracy.

    rows: as `helpers.speeds.rows` returns them. cores: those of the machine that was measured.
    """
    made, ((axis,),) = figure(1, 1, 8, 4.2)
    for i, row in enumerate(rows):
        x, y = row["pictures a second, PyTorch"], row["ImageNet top-1 (%)"]
        area = 6 * row["weights (MB)"]
        axis.scatter(x, y, s=area, color=COLOURS[i % len(COLOURS)], alpha=0.55, linewidths=0)
        axis.scatter(x, y, s=9, color=INK)
        beside = (8, -18 if row["name"] == "vgg16" else 8)
        label = f"{row['network']}, {row['weights (MB)']} MB"
        axis.annotate(label, (x, y), xytext=beside, textcoords="offset points", fontsize=9)
    axis.set_xscale("log")
    axis.set_xlim(3, 3000)
    axis.margins(y=0.25)
    axis.set_xlabel(f"pictures a second, forwards only, {cores} cores")
    axis.set_ylabel("ImageNet top-1 (%)")
    ticks = [5, 10, 20, 50, 100, 200, 500, 1000]
    axis.set_xticks(ticks, labels=[str(tick) for tick in ticks])
    axis.xaxis.minorticks_off()
    _plain(axis)
    listed = "; ".join(
        f"{row['network']} {row['pictures a second, PyTorch']} a second, "
        f"{row['ImageNet top-1 (%)']} %, {row['weights (MB)']} MB"
        for row in rows
    )
    return Drawing(made, f"Networks, speed against accuracy. {listed}.")


def _blank(axis, width: float, height: float) -> None:
    axis.set_xlim(0, width)
    axis.set_ylim(0, height)
    axis.set_aspect("equal")
    axis.axis("off")


def _picture(axis, picture: np.ndarray, left: float, bottom: float, size: float) -> None:
    short = min(picture.shape[:2])
    axis.imshow(
        picture[:short, :short], extent=(left, left + size, bottom, bottom + size), zorder=2
    )


def _box(axis, left, bottom, width, height, words, edge, face, size=12) -> None:
    style = {"boxstyle": "round,pad=0,rounding_size=1.2", "lw": 1.8}
    axis.add_patch(
        FancyBboxPatch((left, bottom), width, height, facecolor=face, edgecolor=edge, **style)
    )
    middle = (left + width / 2, bottom + height / 2)
    axis.text(*middle, words, ha="center", va="center", fontsize=size, color=INK)


def _arrow(axis, start, end) -> None:
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=INK))
