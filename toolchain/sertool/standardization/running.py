"""Standardization that follows its speaker; what `runtime/standardize/running.c` does, in numpy.

Each feature's mean over the utterances that a speaker was heard in, the present one included, is taken off
it, as far as it is trusted (`Variety`). It starts at the training set's mean, which counts as some utterances,
and goes part of the way to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sertool.plain_values import Between
from sertool.standardization.variety import TRUST_BITS, Variety

#: Bits below a step of the network's input, in which features and means are kept.
FRACTION_BITS = 6
#: Features are clamped to 512 steps of the input either way (16 deviations), so that means fit int16 ...
FARTHEST = 2**15 - 1
#: ... and no utterance moves a mean as if it were farther from it than the input reaches: 128 steps.
LONGEST = 128 << FRACTION_BITS
_GAIN_BITS = 15


@dataclass
class Speaker:
    """What is known of a speaker: nothing, until `Running.hear` was called.

    `means` int16 (features,) in 64ths of an input's step; `heard` utterances, which stops at `Running.most`;
    `above` is how far the mean of their scatter lies above `Variety.low`, int16.
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


@dataclass(frozen=True)
class Running:
    """How fast means follow: utterance n moves them by the (n + `prior`)th part of the way.

    From `most` utterances on n stays, so that what was heard long ago fades and a new speaker takes over. By
    speakers held out of training in EMODB, SAVEE and RAVDESS, priors from 1 to 10 were within two points of
    each other, any `most` from 8 on within one; a prior for each feature, from its variance within and between
    speakers, was no better.
    """

    prior: Annotated[int, Between(1, 255)] = 5
    most: Annotated[int, Between(1, 255)] = 16

    def hear(self, speaker: Speaker, scaled: NDArray[np.int32], variety: Variety) -> NDArray[np.int8]:
        """Count an utterance for `speaker` and return the network's input, int8 (features,).

        `scaled` int32 (features,): -FARTHEST to FARTHEST, in 64ths of a step. A mean goes towards its feature
        and never past it, so no number of utterances takes one beyond FARTHEST. Where the speaker's utterances
        do not differ, nothing is taken off.
        """
        count = min(speaker.heard + 1, self.most)
        weight = count + self.prior
        gain = (2**_GAIN_BITS + weight // 2) // weight
        way = np.clip(scaled - speaker.means, -LONGEST, LONGEST)
        farther = variety.scatter(way.astype(np.int64) >> FRACTION_BITS) - variety.low - speaker.above
        speaker.above += farther * gain + 2 ** (_GAIN_BITS - 1) >> _GAIN_BITS
        speaker.means = (speaker.means + (way * gain + 2 ** (_GAIN_BITS - 1) >> _GAIN_BITS)).astype(np.int16)
        speaker.heard = count
        trusted = speaker.means.astype(np.int32) * variety.trust(speaker.above)
        taken = trusted + 2 ** (TRUST_BITS - 1) >> TRUST_BITS
        steps: NDArray[np.int32] = scaled - taken + 2 ** (FRACTION_BITS - 1) >> FRACTION_BITS
        return steps.clip(-128, 127).astype(np.int8)
