"""Outcomes: what a trial gave on a case, and the row that says of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated

import numpy as np

from sertool.graph.quantization import Width
from sertool.laq.quantized_model import Temperature
from sertool.plain_values import Between, Name, Natural, Positive
from sertool.reliability import WHOLE
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


#: A probability in 256ths.
Parts = Annotated[int, Between(0, WHOLE)]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one trial gave on one case.

    `shape` are the sizes of all layers, features first and classes last; `plan` the widths. `bytes` are those
    of flash that the layers take. `float_test` is the trial's own float network on the test part, `test` what
    would run on the chip, `heard` the class of each test clip by that, in the split's order, `elsewhere` that
    of whatever else the case asks. The same on validation is None where both networks have trained on that
    part. `confidence` is the probability of each answer in `heard`, in 256ths; `untempered` the same without
    the network's `temperature`; `sure` is 1 where its rule has no doubt, else 0.
    """

    shape: tuple[Positive, ...]
    plan: str
    bytes: Positive
    float_test: Score
    test: Score
    heard: tuple[Natural, ...]
    elsewhere: tuple[Natural, ...] = ()
    float_validation: Score | None = None
    validation: Score | None = None
    confidence: tuple[Parts, ...] = ()
    untempered: tuple[Parts, ...] = ()
    sure: tuple[Annotated[int, Between(0, 1)], ...] = ()
    temperature: Temperature = 1.0


@dataclass(frozen=True, kw_only=True)
class Row(Outcome):
    """An outcome with what it is of: a trial on a seed and fold of a corpus; and what its image takes.

    `wanted` is the plan as it was asked for (`1`, `1,1,4`, `laq:9000`), `method` how widths came about
    (`uniform`, `given`, a strategy, a baseline). `flash` and `ram` are the bytes of the whole image for
    `target`, `instructions` those of one inference on its core, each None where nothing measured it. Raises
    ValueError for a contradiction.
    """

    corpus: Name
    protocol: Name
    fold: Natural
    preset: Name
    wanted: Name
    method: Name
    seed: Natural
    labels: tuple[Name, ...]
    target: Name | None = None
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
            clips = [0 if score is None else score.clips for score in (real, quantized)]
            sizes = {classes if score is None else len(score.confusion) for score in (real, quantized)}
            if sizes != {classes} or clips[0] != clips[1]:
                raise ValueError(f"confusion matrices of {clips[0]} and {clips[1]} clips")
        columns = {index: sum(counts) for index, counts in enumerate(zip(*self.test.confusion, strict=True))}
        if Counter(self.heard) != {index: count for index, count in columns.items() if count}:
            raise ValueError(f"{len(self.heard)} answers are not those that the confusion matrix counts")
        for told in (self.confidence, self.untempered, self.sure):
            if told and len(told) != len(self.heard):
                raise ValueError(f"{len(told)} values for the probabilities of {len(self.heard)} answers")
        if self.elsewhere and max(self.elsewhere) >= classes:
            raise ValueError(f"answer {max(self.elsewhere)} is none of {classes} classes")

    def to_dict(self) -> dict[str, object]:
        """Plain values, without what stands clip by clip."""
        by_clip = ("heard", "elsewhere", "confidence", "untempered", "sure")
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in by_clip}
        return {name: value.to_dict() if isinstance(value, Score) else value for name, value in values.items()}

    @property
    def hidden(self) -> tuple[int, ...]:
        """Sizes of the layers between features and classes."""
        return self.shape[1:-1]
