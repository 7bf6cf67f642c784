"""How good a classifier is on one set of photographs."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Evaluation:
    """labels: (n,) true classes. probabilities: (n, classes), rows sum to 1. loss: mean
    cross-entropy in nats."""

    labels: np.ndarray
    probabilities: np.ndarray
    loss: float

    @property
    def predictions(self) -> np.ndarray:
        """The most probable class of each photograph, (n,)."""
        return self.probabilities.argmax(1)

    @property
    def accuracy(self) -> float:
        """The fraction of photographs whose most probable class is the true one."""
        return float((self.predictions == self.labels).mean())

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the accuracy, see `wilson`."""
        return wilson(int((self.predictions == self.labels).sum()), len(self.labels))

    def confusion(self) -> np.ndarray:
        """Counts, (classes, classes): row the true class, column the answer."""
        classes = self.probabilities.shape[1]
        return np.bincount(
            self.labels * classes + self.predictions, minlength=classes * classes
        ).reshape(classes, classes)

    def mistakes(self) -> np.ndarray:
        """Positions of the wrong answers, the most confident first."""
        wrong = np.flatnonzero(self.predictions != self.labels)
        return wrong[np.argsort(-self.probabilities[wrong].max(1), kind="stable")]


def evaluation(logits: np.ndarray, labels) -> Evaluation:
    """From logits (n, classes) and labels (n,)."""
    logits = np.asarray(logits, np.float64)
    labels = np.asarray(labels, np.int64)
    shifted = logits - logits.max(1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    loss = -log_probabilities[np.arange(len(labels)), labels].mean()
    return Evaluation(labels, np.exp(log_probabilities).astype(np.float32), float(loss))


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % confidence interval of a fraction: `right` of `count`.

    Wilson's score interval (JASA 22, 1927), which behaves near 0 and 1 too.
    """
    if count == 0:
        return 0.0, 1.0
    z = 1.959964
    p = right / count
    centre = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(p * (1 - p) / count + z * z / (4 * count**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine between the rows of two feature matrices (n, d): (n,), 1 where they point alike."""
    return (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
