"""The standard deviation of the population, in sixteenths of a value's step, rounded down."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import Functional, Utterance


def _truth(utterance: Utterance) -> NDArray[np.int64]:
    values = utterance.kept
    frames = len(values)
    means = values.sum(axis=0) // frames
    about = values - means
    rests = about.sum(axis=0)
    variances = ((about**2).sum(axis=0) * 256 - rests**2 * 256 // frames) // frames
    return np.array([math.isqrt(variance) for variance in variances.tolist()], np.int64)


FUNCTIONAL = Functional(
    name="deviation", needs=("sums", "squares"), step=lambda framing, step: step / 16, truth=_truth
)
