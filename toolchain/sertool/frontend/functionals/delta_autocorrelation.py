"""How the delta goes with what it was 64 ms ago (1 to 4 frames).

    sum d[t] d[t - lag] / sum d[t]^2

over counted frames t, kept within -1 ... 1, and 0 where the delta is; the delta is that of narrow values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.accumulators.delta import deltas
from sertool.frontend.accumulators.past_deltas import delta_lag
from sertool.frontend.functional import Functional, Utterance, ratio_step


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    found, lag = deltas(utterance), delta_lag(utterance.framing)
    past = np.concatenate([np.zeros_like(found[:1]).repeat(lag, axis=0), found])[: len(found)]
    products = (found * past)[utterance.counted].sum(axis=0)
    squares = (found**2)[utterance.counted].sum(axis=0)
    ratio: NDArray[np.float64] = np.clip(products / np.maximum(squares, 1), -1, 1) * 2**15
    return ratio


FUNCTIONAL = Functional(
    name="delta_autocorrelation",
    needs=("delta_squares", "delta_products"),
    step=ratio_step,
    truth=_truth,
    within=1.01,
    sources=("magnitude.c",),
)
