"""How far a value's ends lie above its mean, against how much it moves.

    (mean of the first two + mean of the last two - 2 mean) / (n deviation of the slope a frame)

over the n counted frames, 0 where the slope never changes: summed by parts, where in time the delta has its
centroid. The ends and the delta are those of narrow values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.accumulators.delta import deltas
from sertool.frontend.functional import LARGEST_FEATURE, Functional, Utterance, ratio_step


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    moving = deltas(utterance)[utterance.counted]
    varies = (moving != moving[0]).any(axis=0)
    deviation = np.where(varies, moving.std(axis=0), 1) / 10
    ends = utterance.narrow()[utterance.counted]
    mean = utterance.kept.mean(axis=0) / utterance.narrow_step
    above = ends[:2].mean(axis=0) + ends[-2:].mean(axis=0) - 2 * mean
    ratio = np.where(varies, above / (len(moving) * deviation), 0) * 2**15
    found: NDArray[np.float64] = np.clip(ratio, -LARGEST_FEATURE, LARGEST_FEATURE)
    return found


FUNCTIONAL = Functional(
    name="ends",
    needs=("sums", "delta_sums", "delta_squares", "borders", "shift"),
    step=ratio_step,
    truth=_truth,
    within=1.01,
    sources=("magnitude.c",),
)
