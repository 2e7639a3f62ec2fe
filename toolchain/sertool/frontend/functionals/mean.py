"""The mean, in sixteenths of a value's step, rounded to nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import Functional, Utterance


def _truth(utterance: Utterance) -> NDArray[np.int64]:
    values = utterance.kept
    frames = len(values)
    means: NDArray[np.int64] = (values.sum(axis=0) * 16 + frames // 2) // frames
    return means


FUNCTIONAL = Functional(name="mean", needs=("sums",), step=lambda framing, step: step / 16, truth=_truth)
