"""How a value goes with time: Pearson's correlation with the number of the counted frame.

It is 0 where nothing varies. The sum of t x comes without a product, from the sum of the sums so far, in which
x[t] is n - t times.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import Functional, Utterance, ratio_step


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    kept = utterance.kept
    time = np.arange(len(kept)) - (len(kept) - 1) / 2
    values = kept - kept.mean(axis=0)
    varies = (kept != kept[0]).any(axis=0)
    scale = np.sqrt((time**2).sum() * (values**2).sum(axis=0))
    found: NDArray[np.float64] = np.where(varies, time @ values / np.where(varies, scale, 1), 0.0) * 2.0**15
    return found


FUNCTIONAL = Functional(
    name="trend",
    needs=("sums", "squares", "ramps"),
    step=ratio_step,
    truth=_truth,
    within=1.01,
    sources=("magnitude.c",),
)
