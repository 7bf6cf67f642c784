import numpy as np
import pytest

from helpers.errors import CourseError


def blobs(count=60, features=8, seed=0):
    """Two clouds that a line separates."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    return (rng.normal(size=(count, features)) + 3 * labels[:, None]).astype(np.float32), labels


@pytest.fixture
def head(framework):
    """A new linear layer, 8 to 2, the same in both frameworks."""
    start = np.random.default_rng(0).normal(0, 0.1, (8, 2)).astype(np.float32)
    if framework.name == "tensorflow":
        import keras

        made = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2)])
        made.set_weights([start, np.zeros(2)])
        return made
    import torch

    made = torch.nn.Linear(8, 2)
    made.load_state_dict({"weight": torch.tensor(start.T), "bias": torch.zeros(2)})
    return made


@pytest.fixture
def data(framework):
    batches = framework.loading.feature_batches
    return batches(*blobs(), batch_size=16), batches(*blobs(20, seed=1), batch_size=16)


def fit(framework, head, data, **options):
    return framework.training.fit(head, *data, progress=False, precision="float32", **options)


def evaluate(framework, head, batches):
    return framework.training.evaluate(head, batches, precision="float32")


def test_a_head_learns_and_the_history_says_how(framework, head, data):
    before = evaluate(framework, head, data[1])
    history = fit(framework, head, data, epochs=5, learning_rate=0.05)
    after = evaluate(framework, head, data[1])
    assert after.accuracy > 0.95 and after.loss < before.loss
    assert history.epochs == 5 and history.train_loss[-1] < history.train_loss[0]
    for name in ("train_accuracy", "validation_loss", "validation_accuracy", "seconds"):
        assert len(getattr(history, name)) == 5
    assert history.best_epoch == int(np.argmin(history.validation_loss))
    assert after.loss == pytest.approx(min(history.validation_loss), rel=1e-4)
    assert history.learning_rate == pytest.approx([0.05] * 5) and not history.stopped_early


def test_both_frameworks_take_the_same_steps(framework, head, data):
    """Numbers of a NumPy Adam, as in Kingma and Ba, ICLR 2015, with decoupled decay."""
    inputs, labels = blobs()
    weight = np.random.default_rng(0).normal(0, 0.1, (8, 2)).astype(np.float32).astype(float)
    bias, moments = np.zeros(2), [np.zeros((9, 2)), np.zeros((9, 2))]
    both, step = np.vstack([weight, bias]), 0
    for start in range(0, 60, 16):
        x = np.hstack([inputs[start : start + 16], np.ones((len(inputs[start : start + 16]), 1))])
        logits = x @ both
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        p[np.arange(len(x)), labels[start : start + 16]] -= 1
        gradient, step = x.T @ p / len(x), step + 1
        moments[0] = 0.9 * moments[0] + 0.1 * gradient
        moments[1] = 0.999 * moments[1] + 0.001 * gradient**2
        corrected = [m / (1 - b**step) for m, b in zip(moments, (0.9, 0.999), strict=True)]
        both = both * (1 - 0.01 * 0.5) - 0.01 * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
    fit(framework, head, data, epochs=1, learning_rate=0.01, weight_decay=0.5)
    one, other = framework.weights(head)
    assert (one if framework.name == "tensorflow" else one.T) == pytest.approx(both[:8], abs=1e-4)
    assert other == pytest.approx(both[8], abs=1e-4)


def test_cosine_falls_to_zero(framework, head, data):
    history = fit(framework, head, data, epochs=4, learning_rate=0.1, schedule="cosine")
    last_steps = np.array([3, 7, 11, 15]) / 16
    wanted = 0.1 * (1 + np.cos(np.pi * last_steps)) / 2
    assert history.learning_rate == pytest.approx(wanted, rel=1e-4)


def test_the_start_is_kept_where_no_epoch_is_better(framework, head, data):
    fit(framework, head, data, epochs=5, learning_rate=0.05)
    before = framework.weights(head)
    wrong = framework.loading.feature_batches(blobs()[0], 1 - blobs()[1], batch_size=16)
    history = fit(framework, head, (wrong, data[1]), epochs=9, learning_rate=0.1, patience=2)
    assert history.best_epoch == -1 and history.stopped_early and history.epochs == 2
    for old, new in zip(before, framework.weights(head), strict=True):
        assert np.array_equal(old, new)


def test_patience_that_runs_out_with_the_epochs_is_not_early(framework, head, data):
    wrong = framework.loading.feature_batches(blobs()[0], 1 - blobs()[1], batch_size=16)
    fit(framework, head, data, epochs=2, learning_rate=0.05)
    history = fit(framework, head, (wrong, data[1]), epochs=1, learning_rate=0.1, patience=1)
    assert history.epochs == 1 and not history.stopped_early


def test_what_cannot_be_trained_is_said_in_one_sentence(framework, head, data):
    empty = framework.loading.feature_batches(np.empty((0, 8), np.float32), [])
    with pytest.raises(CourseError, match="nothing to train on"):
        fit(framework, head, (empty, data[1]))
    with pytest.raises(CourseError, match="nothing to evaluate"):
        fit(framework, head, (data[0], empty))
    with pytest.raises(CourseError, match="nothing to evaluate"):
        evaluate(framework, head, empty)
    with pytest.raises(CourseError, match="schedule='linear' is unknown"):
        fit(framework, head, data, schedule="linear")
    with pytest.raises(CourseError, match="precision='half' is unknown"):
        framework.training.fit(head, *data, precision="half", progress=False)
    nonsense = framework.loading.feature_batches(blobs()[0] * np.nan, blobs()[1])
    with pytest.raises(CourseError, match="no number any more in epoch 1"):
        fit(framework, head, (nonsense, data[1]))
    framework.freeze(head)
    with pytest.raises(CourseError, match="Every parameter is frozen"):
        fit(framework, head, data)


def test_evaluation_keeps_the_order_and_changes_nothing(framework, head, data):
    before = framework.weights(head)
    found = evaluate(framework, head, data[0])
    features, labels = blobs()
    logits = framework.numbers(head, features)
    assert found.labels.tolist() == labels.tolist()
    assert found.predictions.tolist() == logits.argmax(1).tolist()
    for old, new in zip(before, framework.weights(head), strict=True):
        assert np.array_equal(old, new)


def test_fine_tuning_moves_what_is_not_frozen_alone(framework, photographs, small):
    """Batch normalisation keeps its averages, also where its layers learn."""
    networks, loading = framework.networks, framework.loading
    body = networks.backbone()
    network = networks.classifier(body, 2)
    framework.freeze(body)
    framework.freeze(networks.stage(network, "top"), frozen=False)
    averages = framework.batch_norm_averages(network)
    before = networks.activations(network, loading.pictures(photographs, small), ["stage7", "top"])
    train = loading.picture_batches(photographs, small, batch_size=6, shuffle=True)
    history = framework.training.fit(
        network, train, train, epochs=2, learning_rate=1e-3, progress=False
    )
    assert history.best_epoch >= 0
    after = networks.activations(network, loading.pictures(photographs, small), ["stage7", "top"])
    assert np.array_equal(before["stage7"], after["stage7"])
    assert np.abs(before["top"] - after["top"]).max() > 1e-3
    for old, new in zip(averages, framework.batch_norm_averages(network), strict=True):
        assert np.array_equal(old, new)
    assert networks.fingerprint(body) != networks.fingerprint(networks.backbone())


def test_batch_norm_learns_its_averages_only_if_told_to(framework, photographs, small):
    body = framework.networks.backbone()
    body.batch_norm_training = True
    network = framework.networks.classifier(body, 2)
    framework.freeze(body)
    framework.freeze(framework.networks.stage(network, "top"), frozen=False)
    train = framework.loading.picture_batches(photographs, small, batch_size=6)
    averages = framework.batch_norm_averages(network)
    history = framework.training.fit(
        network, train, train, epochs=20, learning_rate=3e-3, progress=False
    )
    assert history.best_epoch >= 0, "the weights training began with were kept"
    after = framework.batch_norm_averages(network)
    changes = [np.abs(new - old).max() for old, new in zip(averages, after, strict=True)]
    assert max(changes) > 1e-3
