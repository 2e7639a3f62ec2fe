"""A row of a sweep: what one point, a network at a plan, gave with one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sertool.graph.quantization import Width
from sertool.plain_values import Name, Natural, Positive
from sertool.training.metrics import Accuracy


@dataclass(frozen=True)
class Score:
    """Clips counted by true class (row) and predicted class (column), on one part of a split."""

    confusion: tuple[tuple[Natural, ...], ...]

    def __post_init__(self) -> None:
        if {len(counts) for counts in self.confusion} != {len(self.confusion)}:
            raise ValueError("a confusion matrix is not square")
        if not self.clips:
            raise ValueError("a confusion matrix counts no clip")

    @property
    def clips(self) -> int:
        """Clips counted."""
        return sum(map(sum, self.confusion))

    @classmethod
    def of(cls, accuracy: Accuracy) -> Score:
        """Take the counts of an `Accuracy`."""
        return cls(tuple(map(tuple, accuracy.confusion.tolist())))

    def accuracy(self, labels: Sequence[str]) -> Accuracy:
        """Return the counts with their classes' names, for intervals and the rest."""
        return Accuracy(np.array(self.confusion, np.int64), tuple(labels))

    def to_dict(self) -> dict[str, object]:
        """Counts and accuracies as plain values."""
        counts = [list(counts) for counts in self.confusion]
        return {"confusion": counts, "weighted": self.weighted, "unweighted": self.unweighted}

    @property
    def weighted(self) -> float:
        """Weighted accuracy: the fraction of clips that is right."""
        return self.accuracy(()).weighted

    @property
    def unweighted(self) -> float:
        """Unweighted accuracy: the mean recall of the classes that occur."""
        return self.accuracy(()).unweighted


@dataclass(frozen=True)
class Row:
    """One point of a sweep with one seed, which splits the corpus and draws the weights.

    `shape` are the sizes of all layers, features first and classes last. `wanted` is the plan as the sweep asks
    for it (`1`, `1,1,4`, ...), `plan` the widths that this gave, `method` how (`given`, `uniform`, ...).
    `bytes` are those of flash that the layers take; `flash` and `ram` are the bytes of the whole image for
    `target`, `instructions` those of one inference on its core, each None where nothing here could measure it.
    What is chosen is chosen by `validation`; `test` stands apart. Raises ValueError for a contradiction.
    """

    corpus: Name
    protocol: Name
    fold: Natural
    preset: Name
    shape: tuple[Positive, ...]
    wanted: Name
    plan: str
    method: Name
    seed: Natural
    labels: tuple[Name, ...]
    float_validation: Score
    float_test: Score
    validation: Score
    test: Score
    bytes: Positive
    target: Name
    flash: Positive | None = None
    ram: Positive | None = None
    instructions: Positive | None = None

    def __post_init__(self) -> None:
        classes = len(set(self.labels))
        if len(self.labels) != classes or self.shape[-1:] != (classes,):
            raise ValueError(f"the classes {', '.join(self.labels)} are not those of a network {self.shape}")
        if len([Width.parse(word) for word in self.plan.split(",")]) != len(self.shape) - 1:
            raise ValueError(f"the plan {self.plan} is not one of a network {self.shape}")
        for real, quantized in ((self.float_validation, self.validation), (self.float_test, self.test)):
            if len(real.confusion) != classes or real.clips != quantized.clips:
                raise ValueError(f"confusion matrices of {real.clips} and {quantized.clips} clips")

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.to_dict() if isinstance(value, Score) else value for name, value in values.items()}

    @property
    def hidden(self) -> tuple[int, ...]:
        """Sizes of the layers between features and classes."""
        return self.shape[1:-1]
