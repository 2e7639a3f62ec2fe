"""What is known of a speaker: a mean of each feature, which goes part of the way to what is heard.

What `runtime/standardize/ser_means.h` does, in numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bits below a step of the network's input, in which features and means are kept.
FRACTION_BITS = 6
#: Features are clamped to 512 steps of the input either way (16 deviations), so that means fit int16 ...
FARTHEST = 2**15 - 1
#: ... and no utterance moves a mean as if it were farther from it than the input reaches: 128 steps.
LONGEST = 128 << FRACTION_BITS
GAIN_BITS = 15


@dataclass
class Speaker:
    """What is known of a speaker: nothing, before an utterance counted.

    `means` int16 (features,) in 64ths of an input's step; `heard` utterances that count, up to a `most`;
    `above` is how far the mean of their scatter lies above `Variety.low`, int16: 0 for who enrols.
    """

    means: NDArray[np.int16]
    heard: int = 0
    above: int = 0

    @classmethod
    def unknown(cls, features: int) -> Speaker:
        """Whoever was not heard yet."""
        return cls(np.zeros(features, np.int16))

    def copy(self) -> Speaker:
        """Return the same, to go on with apart."""
        return Speaker(self.means.copy(), self.heard, self.above)

    def way(self, heard: NDArray[np.int32]) -> NDArray[np.int32]:
        """From the means to what was heard, int32 (features,)."""
        return np.clip(heard - self.means, -LONGEST, LONGEST)

    def approach(self, way: NDArray[np.int32], gain: int | NDArray[np.int32]) -> None:
        """Let the means go that part of their way: never past what was heard."""
        self.means = (self.means + share(way, gain)).astype(np.int16)


def gain(weight: Any, unit: int = 1) -> Any:
    """The part `unit` / `weight`, in 2^15ths, of an integer weight or of each of an array of them."""
    return (unit * 2**GAIN_BITS + weight // 2) // weight


def share(distance: Any, gain: Any) -> Any:
    """That part of an integer distance or of each of an array of them, to the nearest."""
    return distance * gain + 2 ** (GAIN_BITS - 1) >> GAIN_BITS


def to_input(left: NDArray[np.int32]) -> NDArray[np.int8]:
    """From 64ths of a step to the network's input."""
    steps: NDArray[np.int32] = left + 2 ** (FRACTION_BITS - 1) >> FRACTION_BITS
    return steps.clip(-128, 127).astype(np.int8)
