"""The standard deviation with each counted frame weighted by its loudness, in sixteenths of a value's step.

    sqrt(sum w x^2 / sum w - (sum w x / sum w)^2)

of narrow values; 0 where nothing was loud.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import LARGEST_FEATURE, Functional, Utterance


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    values = utterance.narrow()[utterance.counted].astype(np.float64)
    weights = utterance.others["loudness"][utterance.counted, 0].astype(np.float64)
    if not weights.any():
        return np.zeros(values.shape[1])
    about = values - np.average(values, axis=0, weights=weights)
    deviation = np.sqrt(np.average(about**2, axis=0, weights=weights))
    found: NDArray[np.float64] = np.minimum(deviation * utterance.narrow_step * 16, LARGEST_FEATURE)
    return found


FUNCTIONAL = Functional(
    name="weighted_deviation",
    needs=("weighted", "weights", "shift"),
    step=lambda framing, step: step / 16,
    truth=_truth,
    within=1.01,
    sources=("magnitude.c",),
)
