"""Small data, repeated runs, and claims that may fail."""

import numpy as np
import pytest

from helpers import tricks
from helpers.errors import CourseError
from helpers.history import History


def test_digits_are_in_range_and_on_one_side_only():
    found = tricks.digits(100, seed=1, validation=50)
    (x, y), (held, _) = found.train, found.validation
    assert x.shape == (100, 64) and x.dtype == np.float32 and 0 <= x.min() < x.max() <= 1
    assert set(y) <= set(range(10)) and y.dtype == np.int64
    assert not {row.tobytes() for row in x} & {row.tobytes() for row in held}
    assert (tricks.digits(100, seed=1).train[0] == x).all()
    assert (tricks.digits(100, seed=2).train[0] != x).any()
    with pytest.raises(CourseError, match="1797"):
        tricks.digits(1700)


def test_halves_have_every_class_on_both_sides():
    features = np.arange(20, dtype=np.float32)[:, None]
    found = tricks.halves(features, [0] * 12 + [1] * 8, seed=3)
    assert np.bincount(found.train[1]).tolist() == [6, 4]
    both = np.concatenate([found.train[0], found.validation[0]])
    assert sorted(both.ravel()) == list(range(20))


def test_standardised_by_the_training_examples_alone():
    examples = tricks.Examples(
        (np.array([[0.0], [2.0]]), np.array([0, 1])), (np.array([[5.0]]), np.array([1]))
    )
    found = tricks.standardised(examples)
    assert found.train[0].ravel() == pytest.approx([-1, 1], abs=1e-3)
    assert found.validation[0].item() == pytest.approx(4, abs=1e-2)


def test_relabelled_changes_only_the_part_that_was_asked_for():
    examples = tricks.digits(200)
    changed = tricks.relabelled(examples, 0.5)
    moved = (changed.train[1] != examples.train[1]).mean()
    assert 0.3 < moved <= 0.5
    assert sorted(changed.train[1]) == sorted(examples.train[1])
    assert (tricks.relabelled(examples, 0.0).train[1] == examples.train[1]).all()


def test_orders_are_whole_batches_of_other_rows_each_epoch():
    first, second = tricks.orders(45, batch=20, epochs=2, seed=0)
    assert first.shape == (2, 20) and len(set(first.ravel())) == 40
    assert (first != second).any()


def test_epochs_needed_counts_those_that_never_arrive():
    fast, never = History(), History()
    fast.validation_accuracy += [0.1, 0.6, 0.5]
    never.validation_accuracy += [0.1, 0.2, 0.3]
    assert tricks.epochs_needed([fast, never], 0.5).tolist() == [2, 3]


def test_logits_that_are_no_numbers_count_as_guessing():
    history = History()
    examples = tricks.digits(50, validation=50)
    tricks.record(history, examples, lambda inputs: np.full((len(inputs), 10), np.nan))
    assert history.validation_accuracy[0] < 0.3


@pytest.mark.parametrize(
    ("expected", "differences", "shows"),
    [
        ("more", [0.2, 0.3, 0.25], True),
        ("more", [-0.2, -0.3, -0.25], False),
        ("more", [0.5, -0.4, 0.1], False),
        ("less", [-0.2, -0.3, -0.25], True),
        ("same", [0.01, -0.01, 0.0], True),
        ("same", [0.1, 0.1, 0.1], False),
        ("same", [0.5, -0.5, 0.0], False),
    ],
)
def test_a_claim_shows_only_beyond_its_spread(expected, differences, shows):
    claim = tricks.Claims().measure("x", "text", differences, expected=expected, margin=0.02)
    assert claim.shows is shows
    assert ("NOT" in repr(claim)) is not shows


def test_claims_are_published_and_need_seeds():
    claims = tricks.Claims()
    claims.measure("a", "it helps", [0.1, 0.2, 0.3])
    published = claims.results()["a"]
    assert published["effect"] == pytest.approx(0.2) and published["seeds"] == 3
    assert published["spread"] == pytest.approx(0.1) and published["shows"] is True
    assert "it helps" in repr(claims.table())
    for wrong in ([0.1, 0.2], [0.1, 0.2, float("nan")]):
        with pytest.raises(CourseError):
            claims.measure("b", "", wrong)
    with pytest.raises(CourseError, match="better"):
        claims.measure("b", "", [1, 2, 3], expected="better")
