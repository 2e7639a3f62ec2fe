"""The slope of a value over the last five frames, ten times: the regression delta of speech recognition.

Furui, "Speaker-independent isolated word recognition using dynamic features of speech spectrum", IEEE
Transactions on Acoustics, Speech, and Signal Processing 34 (1986); openSMILE's `cDeltaRegression` with
`deltawin = 2`, of which this is ten times, two frames late, since it waits for no frame to come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.functional import NARROW_BITS, Accumulator, Utterance

#: Ten times the slope is at most this many narrow steps.
LARGEST = 6 << NARROW_BITS


def deltas(utterance: Utterance) -> NDArray[np.int64]:
    """Ten times the slope of narrow values in every frame."""
    outer = utterance.narrow() - utterance.narrow(4)
    found: NDArray[np.int64] = 2 * outer + utterance.narrow(1) - utterance.narrow(3)
    return found


ACCUMULATOR = Accumulator(
    name="delta",
    element="int16_t",
    bits=lambda value: min(value, NARROW_BITS) + 3,
    holds=15,
    needs=("values", "previous", "recent", "shift"),
    when="before",
)
