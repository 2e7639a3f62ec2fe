"""How right a classifier is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.intervals import Interval, wilson


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Confusion matrix of one test set, int64 (classes, classes), row: true class, column: predicted."""

    confusion: NDArray[np.int64]
    labels: tuple[str, ...]

    @property
    def clips(self) -> int:
        """Number of clips."""
        return int(self.confusion.sum())

    @property
    def weighted(self) -> float:
        """Weighted accuracy: the fraction of clips that is right."""
        return float(np.trace(self.confusion) / self.clips)

    @property
    def unweighted(self) -> float:
        """Unweighted accuracy: the mean recall of the classes that occur."""
        totals = self.confusion.sum(axis=1)
        present = totals > 0
        return float((np.diag(self.confusion)[present] / totals[present]).mean())

    @property
    def recalls(self) -> tuple[float | None, ...]:
        """Of each class the share of its clips that is right; None for one that does not occur."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=1))

    @property
    def precisions(self) -> tuple[float | None, ...]:
        """Of each class the share of its answers that is right; None for one that was never answered."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def f1_scores(self) -> tuple[float | None, ...]:
        """Of each class the harmonic mean of recall and precision; None for one that does not occur."""
        clips, answers = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        return _shares(2 * np.diag(self.confusion), np.where(clips, clips + answers, 0))

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 scores of the classes that occur."""
        found = [score for score in self.f1_scores if score is not None]
        return sum(found) / len(found)

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of the weighted accuracy."""
        return wilson(int(np.trace(self.confusion)), self.clips)

    def to_dict(self) -> dict[str, object]:
        """Return what a report needs, as JSON types."""
        interval = self.interval
        return {
            "clips": self.clips,
            "weighted": self.weighted,
            "weighted_low": interval.low,
            "weighted_high": interval.high,
            "unweighted": self.unweighted,
            "labels": list(self.labels),
            "confusion": self.confusion.tolist(),
        }


def _shares(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> tuple[float | None, ...]:
    return tuple(int(part) / int(whole) if whole else None for part, whole in zip(parts, wholes, strict=True))


def accuracy(
    truth: NDArray[np.integer[Any]], predicted: NDArray[np.integer[Any]], labels: Sequence[str]
) -> Accuracy:
    """Compare class indices `truth` and `predicted`, both (clips,); raise SertoolError when there is none."""
    if not len(truth) or len(truth) != len(predicted):
        raise SertoolError(f"cannot compare {len(predicted)} predictions with {len(truth)} labels")
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (np.asarray(truth), np.asarray(predicted)), 1)
    return Accuracy(confusion, tuple(labels))
