"""How a training went: the same record in both frameworks."""

from dataclasses import dataclass, field


@dataclass
class History:
    """One entry an epoch in each list.

    train_loss, validation_loss: mean cross-entropy over the photographs, in nats.
    train_accuracy, validation_accuracy: fractions in [0, 1]; the training ones are measured
    while the network learns, on augmented pictures. learning_rate: at the epoch's end. seconds:
    how long the epoch took. best_epoch: position of the lowest validation loss, whose weights were
    kept; -1 where no epoch was better than the weights training began with. stopped_early: whether
    training ended before the last epoch that was asked for.
    """

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    best_epoch: int = 0
    stopped_early: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return len(self.train_loss)
