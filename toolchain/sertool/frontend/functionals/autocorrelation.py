"""How a value goes with what it was a frame ago: one less half of von Neumann's ratio.

    1 - sum (x[t] - x[t - 1])^2 / (2 n s^2)

over the n counted frames, with s^2 their variance, and the frame before whether it counts or not; at least -1,
and 0 where nothing varies. It differs from the autocorrelation at a lag of one frame by what the first and last
value contribute. J. von Neumann, "Distribution of the ratio of the mean square successive difference to the
variance", Annals of Mathematical Statistics 12 (1941). The steps are those of narrow values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import Functional, Utterance, ratio_step


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    kept = utterance.kept
    variance = kept.astype(np.float64).var(axis=0)
    steps = (utterance.narrow() - utterance.narrow(1))[utterance.counted] * utterance.narrow_step
    square = (steps.astype(np.float64) ** 2).mean(axis=0)
    varies = (kept != kept[0]).any(axis=0)
    ratio = square / np.where(varies, 2 * variance, 1)
    found: NDArray[np.float64] = np.where(varies, np.maximum(1 - ratio, -1), 0.0) * 2.0**15
    return found


FUNCTIONAL = Functional(
    name="autocorrelation",
    needs=("sums", "squares", "steps", "shift"),
    step=ratio_step,
    truth=_truth,
    within=1.01,
    sources=("magnitude.c",),
)
