"""How far probabilities can be trusted: how often answers are right that say how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

#: Bins of equal width, as Guo et al. (2017) have it.
BINS = 15
#: Probabilities are given in so many parts of one.
WHOLE = 256


@dataclass(frozen=True)
class Bin:
    """Answers whose probability lies in one bin: how many, their mean probability, the share that is right."""

    answers: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """Expected calibration error, a fraction, and the bins that it is made of: those that have answers.

    Guo et al. (2017), "On Calibration of Modern Neural Networks", section 2: how far probability and share
    that is right are apart, the mean of 15 bins of equal width, each as it has answers.
    """

    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Calibration:
    """Reliability of the same answers without their networks' temperatures, and with them."""

    before: Reliability
    after: Reliability


@dataclass(frozen=True)
class Sureness:
    """Of so many `answers` the network is `sure`, and of these so many are `right`."""

    answers: int
    sure: int
    right: int


def sureness(sure: ArrayLike, right: ArrayLike) -> Sureness:
    """Count answers, bool (answers,) twice."""
    believed, truth = np.asarray(sure, np.bool_), np.asarray(right, np.bool_)
    return Sureness(len(believed), int(believed.sum()), int((believed & truth).sum()))


def reliability(confidences: Sequence[int], right: ArrayLike) -> Reliability:
    """Compare the probabilities of answers, in 256ths, with whether each was `right`: both (answers,).

    There must be one. A probability on the border of two bins counts in the lower.
    """
    parts, truth = np.asarray(confidences, np.int64), np.asarray(right, np.bool_)
    places = np.maximum((parts * BINS + WHOLE - 1) // WHOLE - 1, 0)
    groups = [places == place for place in range(BINS)]
    bins = tuple(
        Bin(int(group.sum()), float(parts[group].mean() / WHOLE), float(truth[group].mean()))
        for group in groups
        if group.any()
    )
    distances = (each.answers * abs(each.confidence - each.right) for each in bins)
    return Reliability(float(sum(distances) / len(parts)), bins)
