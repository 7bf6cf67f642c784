"""What the training-tricks notebooks share: small data, repeated runs, claims with their spread.

A claim is measured as differences, one for each seed: with the trick minus without it, on the same
examples. Its effect is their mean, its spread their standard deviation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from helpers.errors import CourseError
from helpers.evaluation import evaluation
from helpers.history import History
from helpers.plotting import COLOURS, Drawing, Table, _plain, figure, lines


@dataclass(frozen=True)
class Examples:
    """train, validation: pairs (inputs float32 (n, ...), labels int64 (n,))."""

    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]

    def mapped(self, change: Callable) -> "Examples":
        """The same with every array replaced by `change(array)`, such as `torch.tensor`."""
        return Examples(tuple(map(change, self.train)), tuple(map(change, self.validation)))


def digits(train: int, seed: int = 0, validation: int = 600) -> Examples:
    """Handwritten digits, 8x8 pixels in [0, 1] as rows of 64, ten classes; another draw each seed.

    1797 real ones, which scikit-learn brings along (UCI, Alpaydin and Kaynak 1998).
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    if train + validation > len(labels):
        raise CourseError(
            f"There are {len(labels)} digits, not {train + validation}: ask for fewer."
        )
    order = np.random.default_rng(seed).permutation(len(labels))
    pixels, labels = (pixels[order] / 16).astype(np.float32), labels[order].astype(np.int64)
    stop = train + validation
    return Examples((pixels[:train], labels[:train]), (pixels[train:stop], labels[train:stop]))


def halves(features: np.ndarray, labels: Sequence[int], seed: int = 0) -> Examples:
    """Half of each class to train on, half to validate; another draw each seed."""
    labels = np.asarray(labels, np.int64)
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]  # class by class
    return Examples(*((features[part], labels[part]) for part in (order[::2], order[1::2])))


def standardised(examples: Examples) -> Examples:
    """Inputs with mean 0 and variance 1, by the training examples' mean and variance."""
    (x, y), (x_held, y_held) = examples.train, examples.validation
    mean, std = x.mean(0), x.std(0) + 1e-6
    return Examples(((x - mean) / std, y), ((x_held - mean) / std, y_held))


def relabelled(examples: Examples, part: float, seed: int = 0) -> Examples:
    """A part of the training labels, in [0, 1], shuffled among themselves."""
    x, y = examples.train
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(y), round(part * len(y)), replace=False)
    changed = y.copy()
    changed[chosen] = rng.permutation(y[chosen])
    return Examples((x, changed), examples.validation)


def orders(count: int, batch: int, epochs: int, seed: int = 0) -> Iterator[np.ndarray]:
    """For each epoch the rows of its batches, int64 (steps, batch); a rest is left out."""
    batch = min(batch, count)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        steps = count // batch
        yield rng.permutation(count)[: steps * batch].reshape(steps, batch)


def record(history: History, examples: Examples, answer: Callable) -> None:
    """Add one epoch's losses and accuracies. answer: inputs to logits, NumPy (n, classes)."""
    for name in ("train", "validation"):
        inputs, labels = getattr(examples, name)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            result = evaluation(answer(inputs), np.asarray(labels))
        getattr(history, f"{name}_loss").append(result.loss)
        getattr(history, f"{name}_accuracy").append(result.accuracy)


def repeat(run: Callable, variants: Mapping, seeds: int) -> dict[str, list]:
    """`run(setting, seed)` for every variant (name: setting) and seed: name to a list by seed."""
    with tqdm(total=len(variants) * seeds, unit="run", leave=False) as bar:

        def one(setting, seed):
            result = run(setting, seed)
            bar.update()
            return result

        return {
            name: [one(setting, seed) for seed in range(seeds)]
            for name, setting in variants.items()
        }


def last(histories: Sequence[History], what: str = "validation_accuracy") -> np.ndarray:
    """The last value of each history, (seeds,). what: a name of `History`, or "gap": training
    minus validation accuracy."""
    if what == "gap":
        return last(histories, "train_accuracy") - last(histories, "validation_accuracy")
    return np.array([getattr(history, what)[-1] for history in histories])


def epochs_needed(histories: Sequence[History], accuracy: float) -> np.ndarray:
    """After how many epochs each training has reached a validation accuracy, (seeds,); those
    that never do count with all their epochs."""
    found = [np.array(history.validation_accuracy) >= accuracy for history in histories]
    return np.array([hit.argmax() + 1 if hit.any() else len(hit) for hit in found])


def curves(runs: Mapping[str, Sequence[History]], what: str = "validation_accuracy") -> Drawing:
    """Mean over the seeds by epoch, shaded one standard deviation to each side."""
    means, bands = {}, {}
    for name, histories in runs.items():
        values = np.array([getattr(history, what) for history in histories])
        mean, spread = values.mean(0), values.std(0)
        means[name], bands[name] = mean, (mean - spread, mean + spread)
    epochs = range(1, len(next(iter(means.values()))) + 1)
    return lines(
        epochs,
        means,
        x_label="epoch",
        y_label=what.replace("_", " "),
        bands=bands,
        limits=(0, 1.02) if "accuracy" in what else None,
    )


def strips(values: Mapping[str, Sequence[float]], label: str) -> Drawing:
    """One row a variant: a dot for each seed, a bar at the mean."""
    made, ((axis,),) = figure(1, 1, 8, 0.45 * len(values) + 1.1)
    for place, numbers in enumerate(values.values()):
        axis.plot(numbers, [place] * len(numbers), "o", color=COLOURS[0], alpha=0.6)
        axis.plot([np.mean(numbers)] * 2, [place - 0.3, place + 0.3], color=COLOURS[1], lw=2.5)
        axis.annotate(f"{np.mean(numbers):.3g}", (1.01, place), xycoords=("axes fraction", "data"))
    axis.set_yticks(range(len(values)), list(values))
    axis.invert_yaxis()
    axis.set_xlabel(label)
    _plain(axis)
    listed = "; ".join(f"{n} {np.mean(v):.3g} ± {np.std(v):.2g}" for n, v in values.items())
    return Drawing(made, f"{label}, each dot one seed: {listed}.")


@dataclass(frozen=True)
class Claim:
    """What was claimed and what was measured.

    differences: one for each seed. expected: "more" or "less" than 0, or "same": effect
    and spread both within margin.
    """

    text: str
    differences: tuple[float, ...]
    expected: str
    unit: str
    margin: float = 0.0

    @property
    def effect(self) -> float:
        return float(np.mean(self.differences))

    @property
    def spread(self) -> float:
        return float(np.std(self.differences, ddof=1))

    @property
    def shows(self) -> bool:
        """Whether the effect is as claimed and, for a difference, larger than its spread."""
        if self.expected == "same":
            return max(abs(self.effect), self.spread) <= self.margin
        sign = 1 if self.expected == "more" else -1
        return sign * self.effect > max(self.spread, self.margin)

    def __repr__(self) -> str:
        verdict = "It shows" if self.shows else "It does NOT show here"
        return (
            f"{verdict}: {self.text}.\n{self.effect:+.3g} ± {self.spread:.2g} {self.unit} "
            f"over {len(self.differences)} seeds."
        )


class Claims(dict[str, Claim]):
    """The notebook's claims by name."""

    def measure(
        self,
        name: str,
        text: str,
        differences: Sequence[float],
        *,
        expected: str = "more",
        unit: str = "accuracy",
        margin: float = 0.0,
    ) -> Claim:
        """Keep one claim and return it. Raises CourseError: too few seeds, an unknown `expected`,
        or a difference that is no number."""
        values = tuple(float(value) for value in differences)
        if len(values) < 3:
            raise CourseError(f"{name} has {len(values)} seeds: a spread needs at least 3.")
        if expected not in ("more", "less", "same"):
            raise CourseError(f'expected={expected!r} is unknown: "more", "less" or "same".')
        if not np.isfinite(values).all():
            raise CourseError(f"The differences of {name} are {values}: compare what stays finite.")
        self[name] = Claim(text, values, expected, unit, margin)
        return self[name]

    def table(self) -> Table:
        """All claims, one a row."""
        return Table(
            [
                {
                    "claim": claim.text,
                    "effect": f"{claim.effect:+.3g}",
                    "spread": f"{claim.spread:.2g}",
                    "unit": claim.unit,
                    "seeds": len(claim.differences),
                    "shows": claim.shows,
                }
                for claim in self.values()
            ]
        )

    def results(self) -> dict[str, dict]:
        """The same as plain numbers, to be published."""
        return {
            name: {
                "claim": claim.text,
                "effect": claim.effect,
                "spread": claim.spread,
                "seeds": len(claim.differences),
                "unit": claim.unit,
                "expected": claim.expected,
                "shows": claim.shows,
            }
            for name, claim in self.items()
        }
