"""The skewness of the delta: above 0 where a value rises faster than it falls, 0 where the delta never changes.

    mean (d - mean d)^3 / deviation(d)^3

of the population, over counted frames; the delta is that of narrow values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.accumulators.delta import deltas
from sertool.frontend.functional import Functional, Utterance, ratio_step


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    kept = deltas(utterance)[utterance.counted]
    about = kept - kept.mean(axis=0)
    varies = (kept != kept[0]).any(axis=0)
    deviation = np.where(varies, np.sqrt((about**2).mean(axis=0)), 1)
    found: NDArray[np.float64] = np.where(varies, (about**3).mean(axis=0) / deviation**3, 0.0) * 2.0**15
    return found


FUNCTIONAL = Functional(
    name="delta_skewness",
    needs=("delta_sums", "delta_squares", "delta_cubes"),
    step=ratio_step,
    truth=_truth,
    within=1.05,
    sources=("magnitude.c", "skewness.c"),
)
