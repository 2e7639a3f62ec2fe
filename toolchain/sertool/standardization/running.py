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
from sertool.standardization.speaker import FRACTION_BITS, Speaker, gain, share, to_input
from sertool.standardization.variety import TRUST_BITS, Variety


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
        part, way = gain(count + self.prior), speaker.way(scaled)
        farther = variety.scatter(way.astype(np.int64) >> FRACTION_BITS) - variety.low - speaker.above
        speaker.above += share(farther, part)
        speaker.approach(way, part)
        speaker.heard = count
        trusted = speaker.means.astype(np.int32) * variety.trust(speaker.above)
        return to_input(scaled - (trusted + 2 ** (TRUST_BITS - 1) >> TRUST_BITS))
