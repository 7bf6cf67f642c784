"""Every figure a notebook shows, drawn from NumPy arrays.

Each function returns a `Drawing`: as the last line of a cell it is shown, with a text for readers
who cannot see it. Colours are Okabe and Ito's, which colour-blind readers can tell apart
(https://jfly.uni-koeln.de/color/). The background is white in light and dark themes alike.
"""

import base64
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from helpers.files import replacing
from helpers.history import History

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


class Drawing:
    """A finished figure and the text that says what it shows."""

    def __init__(self, figure, text: str):
        self.text = text
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=96, facecolor="white", bbox_inches="tight")
        self.png = buffer.getvalue()

    def save(self, path: str | Path) -> Path:
        """Write it as a PNG file."""
        with replacing(path) as temporary:
            temporary.write_bytes(self.png)
        return Path(path)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self.png, "text/plain": f"Figure: {self.text}"}
        return data, {"image/png": {"alt": self.text}}

    def __repr__(self) -> str:
        return f"Figure: {self.text}"


def figure(rows: int = 1, columns: int = 1, width: float = 9, height: float = 3.2, **options):
    """A Matplotlib figure with axes (rows, columns), in the course's style.

    It is not known to pyplot, so nothing has to be closed and nothing is shown twice.
    """
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), layout="constrained")
    axes = made.subplots(rows, columns, squeeze=False, **options)
    return made, axes


def _plain(axis) -> None:
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.grid(axis="y", alpha=0.3)


def _show_picture(axis, picture, title: str = "", colour: str = "black") -> None:
    array = np.asarray(picture)
    axis.imshow(array if array.dtype == np.uint8 else np.clip(array, 0, 1))
    axis.set_title(title, fontsize=9, color=colour)
    axis.set_xticks([])
    axis.set_yticks([])


def pictures(
    arrays: Sequence,
    titles: Sequence[str] = (),
    *,
    columns: int = 6,
    colours: Sequence[str] = (),
    text: str = "",
    size: float = 1.8,
) -> Drawing:
    """A grid of pictures (h, w, 3), uint8 or floats in [0, 1], with a title over each."""
    columns = max(1, min(columns, len(arrays)))
    rows = max(1, math.ceil(len(arrays) / columns))
    made, axes = figure(rows, columns, columns * size, rows * (size + 0.35))
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, array) in enumerate(zip(axes.flat, arrays, strict=False)):
        axis.axis("on")
        title = titles[i] if i < len(titles) else ""
        _show_picture(axis, array, title, colours[i] if i < len(colours) else "black")
    listed = "; ".join(t.replace("\n", ", ") for t in titles if t)
    return Drawing(made, text or f"{len(arrays)} pictures: {listed}")


def answers(picture, top: Sequence[tuple[str, float]], title: str = "") -> Drawing:
    """A picture beside its most probable classes. top: (name, probability), best first."""
    made, ((left, right),) = figure(1, 2, 8, 2.8, width_ratios=(1, 1.6))
    _show_picture(left, picture, title)
    names = [name for name, _ in top][::-1]
    values = [value for _, value in top][::-1]
    bars = right.barh(names, values, color=COLOURS[0])
    right.bar_label(bars, [f"{value:.1%}" for value in values], padding=3, fontsize=9)
    right.set_xlim(0, 1.15)
    right.set_xlabel("probability")
    for side in ("top", "right"):
        right.spines[side].set_visible(False)
    listed = ", ".join(f"{name} {value:.1%}" for name, value in top)
    return Drawing(made, f"A picture and the network's most probable classes: {listed}.")


def activations(maps: Mapping[str, np.ndarray], *, channels: int = 8) -> Drawing:
    """What one picture does in a network: a row for each stage, its strongest channels.

    maps: stage name to (1, h, w, channels), as `networks.activations` returns them.
    """
    made, axes = figure(len(maps), channels, channels * 1.25, len(maps) * 1.55)
    for row, (name, found) in zip(axes, maps.items(), strict=True):
        found = found[0]
        strongest = np.argsort(-found.std((0, 1)))[:channels]
        for axis, channel in zip(row, strongest, strict=False):
            axis.imshow(found[..., channel], cmap="viridis")
            axis.set_xticks([])
            axis.set_yticks([])
            axis.set_title(f"channel {channel}", fontsize=7)
        row[0].set_ylabel(f"{name}\n{found.shape[0]}x{found.shape[1]}", fontsize=9)
    described = "; ".join(f"{n}: {m.shape[1]}x{m.shape[2]} pixels" for n, m in maps.items())
    return Drawing(made, f"Activations of one picture, the strongest channels. {described}.")


def histories(trainings: Mapping[str, History]) -> Drawing:
    """Loss and accuracy over the epochs of one or more trainings, by name."""
    made, ((left, right),) = figure(1, 2, 10, 3.4)
    sides = ((left, "loss"), (right, "accuracy"))
    for axis, what in sides:
        for i, (name, history) in enumerate(trainings.items()):
            epochs = range(1, history.epochs + 1)
            colour = COLOURS[i % len(COLOURS)]
            label = f"{name}, " if len(trainings) > 1 or name else ""
            style = {"color": colour, "marker": _MARKERS[i % len(_MARKERS)], "markersize": 4}
            train = getattr(history, f"train_{what}")
            held = getattr(history, f"validation_{what}")
            axis.plot(epochs, train, "--", **style, label=f"{label}train")
            axis.plot(epochs, held, "-", **style, label=f"{label}validation")
        axis.set_xlabel("epoch")
        axis.set_ylabel("cross-entropy (nats)" if what == "loss" else "accuracy")
        axis.xaxis.get_major_locator().set_params(integer=True)
        _plain(axis)
    right.legend(fontsize=8)
    ends = "; ".join(
        f"{name}: validation accuracy {h.validation_accuracy[-1]:.3f} "
        f"after {h.epochs} epochs, loss {h.validation_loss[-1]:.3f}"
        for name, h in trainings.items()
    )
    return Drawing(made, f"Loss and accuracy by epoch. {ends}.")


def confusion(matrix: np.ndarray, class_names: Sequence[str]) -> Drawing:
    """Counts (classes, classes): row the true class, column the answer."""
    count = len(class_names)
    side = max(3.2, 0.28 * count)
    made, ((axis,),) = figure(1, 1, side + 1, side)
    axis.imshow(matrix, cmap="Blues")
    axis.set_xticks(range(count), class_names, rotation=90 if count > 5 else 0, fontsize=8)
    axis.set_yticks(range(count), class_names, fontsize=8)
    axis.set_xlabel("answer")
    axis.set_ylabel("true class")
    limit = matrix.max() / 2
    for (row, column), value in np.ndenumerate(matrix):
        if value or count <= 5:
            colour = "white" if value > limit else "black"
            axis.text(column, row, str(value), ha="center", va="center", color=colour, fontsize=8)
    right = int(np.trace(matrix))
    return Drawing(made, f"Confusion matrix: {right} of {int(matrix.sum())} answers are right.")


def bars(
    values: Mapping[str, float],
    *,
    intervals: Sequence[tuple[float, float]] = (),
    label: str = "accuracy",
    limits: tuple[float, float] | None = (0, 1),
    line: tuple[float, str] | None = None,
) -> Drawing:
    """One bar a name. intervals: (low, high) for each bar. line: a level and its name."""
    made, ((axis,),) = figure(1, 1, 8, 0.5 * len(values) + 1.2)
    names, heights = list(values)[::-1], list(values.values())[::-1]
    spread = None
    if len(intervals):
        low, high = np.array(list(intervals)[::-1]).T
        spread = np.clip([np.array(heights) - low, high - np.array(heights)], 0, None)
    drawn = axis.barh(names, heights, xerr=spread, color=COLOURS[0], height=0.6, capsize=3)
    axis.bar_label(drawn, [f"{value:.3g}" for value in heights], padding=6, fontsize=9)
    if line:
        axis.axvline(line[0], color=COLOURS[1], linestyle="--", label=line[1])
        axis.legend(fontsize=8)
    if limits:
        axis.set_xlim(limits[0], limits[1] * 1.12)
    else:
        axis.margins(x=0.15)
    axis.set_xlabel(label)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    listed = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
    return Drawing(made, f"{label}: {listed}.")


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    x_label: str,
    y_label: str,
    bands: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    limits: tuple[float, float] | None = None,
    logarithmic: bool = False,
    categories: bool = False,
) -> Drawing:
    """Lines over x, told apart by colour, dash and marker.

    bands: (low, high) of a series, drawn as a shade. logarithmic: of the x axis. categories: the
    values of x are names, evenly spaced.
    """
    made, ((axis,),) = figure(1, 1, 7.5, 3.4)
    places = range(len(x)) if categories else x
    for i, (name, values) in enumerate(series.items()):
        style = {"color": COLOURS[i % len(COLOURS)], "linestyle": _LINES[i % len(_LINES)]}
        axis.plot(places, values, **style, marker=_MARKERS[i % len(_MARKERS)], label=name)
        if bands and name in bands:
            axis.fill_between(places, *bands[name], color=style["color"], alpha=0.18, linewidth=0)
    if logarithmic:
        axis.set_xscale("log")
    if categories:
        axis.set_xticks(places, [str(v) for v in x])
    if limits:
        axis.set_ylim(*limits)
    axis.set_xlabel(x_label)
    axis.set_ylabel(y_label)
    _plain(axis)
    axis.legend(fontsize=8)
    ends = "; ".join(f"{n}: from {v[0]:.3g} to {v[-1]:.3g}" for n, v in series.items())
    return Drawing(made, f"{y_label} against {x_label}. {ends}.")


def heat_maps(
    arrays: Sequence, maps: np.ndarray, titles: Sequence[str] = (), *, columns: int = 6
) -> Drawing:
    """Pictures under a transparent heat map each. maps: (n, h, w) in [0, 1], any h and w."""
    columns = max(1, min(columns, len(arrays)))
    rows = max(1, math.ceil(len(arrays) / columns))
    made, axes = figure(rows, columns, columns * 1.8, rows * 2.15)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, array, heat) in enumerate(zip(axes.flat, arrays, maps, strict=False)):
        axis.axis("on")
        _show_picture(axis, array, titles[i] if i < len(titles) else "")
        height, width = np.asarray(array).shape[:2]
        extent = (-0.5, width - 0.5, height - 0.5, -0.5)
        axis.imshow(heat, cmap="inferno", alpha=0.5, extent=extent, interpolation="bilinear")
    listed = "; ".join(t.replace("\n", ", ") for t in titles if t)
    return Drawing(made, f"Where the network looked: {listed}.")


class Animation:
    """A short film in the page itself: it plays when it is opened, in a saved notebook too.

    frames: pictures (h, w, 3), uint8. It waits behind a button, so that nothing moves unasked.
    """

    def __init__(self, frames: Sequence[np.ndarray], text: str, *, seconds: float = 0.12):
        from PIL import Image

        images = [Image.fromarray(frame) for frame in frames]
        pauses = [round(1000 * seconds)] * (len(images) - 1) + [2000]
        buffer = io.BytesIO()
        images[0].save(
            buffer, "WEBP", save_all=True, append_images=images[1:], duration=pauses, loop=0
        )
        self.webp, self.text = buffer.getvalue(), text

    def _repr_mimebundle_(self, include=None, exclude=None):
        from html import escape

        data = base64.b64encode(self.webp).decode("ascii")
        picture = f'<img src="data:image/webp;base64,{data}" alt="{escape(self.text)}">'
        html = f"<details><summary>Play the animation</summary>{picture}</details>"
        return {"text/html": html, "text/plain": f"Animation: {self.text}"}

    def __repr__(self) -> str:
        return f"Animation: {self.text}"


def table(rows: Sequence[Mapping], caption: str = ""):
    """Rows with the same keys as a table for the notebook; numbers are shown short."""
    return Table(list(rows), caption)


class Table:
    """A small table, in HTML and in plain text."""

    def __init__(self, rows: list[Mapping], caption: str = ""):
        self.rows, self.caption = rows, caption

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        heads = [str(key) for key in self.rows[0]] if self.rows else []
        return heads, [[_short(value) for value in row.values()] for row in self.rows]

    def _repr_html_(self) -> str:
        from html import escape

        heads, cells = self._cells()
        head = "".join(f'<th scope="col" style="text-align:left">{escape(h)}</th>' for h in heads)
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align:left">{escape(c)}</td>' for c in row) + "</tr>"
            for row in cells
        )
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        heads, cells = self._cells()
        widths = [max(len(r[i]) for r in [heads, *cells]) for i in range(len(heads))]
        written = [
            "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in [heads, *cells]
        ]
        return "\n".join([self.caption, *written] if self.caption else written)


def _short(value) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    return str(value)
