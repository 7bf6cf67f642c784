"""Accuracy, interval, confusion and mistakes against values known from elsewhere."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, log_loss

from helpers.evaluation import cosine, evaluation, wilson


@pytest.fixture
def random_answers():
    rng = np.random.default_rng(0)
    return rng.normal(size=(200, 3)) * 3, rng.integers(0, 3, 200)


def test_agrees_with_scikit_learn(random_answers):
    logits, labels = random_answers
    result = evaluation(logits, labels)
    assert result.loss == pytest.approx(log_loss(labels, result.probabilities), rel=1e-5)
    assert (result.confusion() == confusion_matrix(labels, result.predictions)).all()
    assert result.accuracy == pytest.approx((logits.argmax(1) == labels).mean())
    low, high = result.interval
    assert low < result.accuracy < high


def test_mistakes_are_wrong_and_the_most_confident_comes_first(random_answers):
    result = evaluation(*random_answers)
    mistakes = result.mistakes()
    assert (result.predictions[mistakes] != result.labels[mistakes]).all()
    assert len(mistakes) == round(200 * (1 - result.accuracy))
    sure = result.probabilities[mistakes].max(1)
    assert (np.diff(sure) <= 0).all()


def test_large_logits_do_not_overflow():
    result = evaluation(np.array([[1e4, -1e4], [-1e4, 1e4]]), [0, 0])
    assert result.probabilities[0, 0] == 1 and np.isfinite(result.loss)


def test_wilson():
    # Published example: 81 of 263 (Newcombe, Statistics in Medicine 17, 1998, table I)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(140, 140)[1] == 1.0


def test_cosine():
    a = np.array([[1.0, 0.0], [1.0, 1.0]])
    assert cosine(a, np.array([[0.0, 2.0], [3.0, 3.0]])) == pytest.approx([0, 1])
