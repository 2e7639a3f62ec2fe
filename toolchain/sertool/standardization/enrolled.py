"""Standardization by what a speaker enrolled with; what `runtime/standardize/enrolled.c` does, in numpy.

A few neutral utterances, given on purpose, say how far a speaker's neutral point lies from that of the speakers
of the training set. So far each feature is moved, in every utterance alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.plain_values import Between
from sertool.standardization.neutral import UNIT, Neutral
from sertool.standardization.speaker import Speaker, gain, to_input


@dataclass(frozen=True)
class Enrolled:
    """With how many neutral utterances a speaker enrols at most.

    Number n moves the mean of a feature by the (n + prior)th part of the way, so that the mean of n of them is
    shrunk towards the training set's neutral point by n / (n + prior): the best linear guess, given how the
    feature varies within and between speakers (`Neutral`).
    """

    most: Annotated[int, Between(1, 3)] = 3

    def enroll(self, speaker: Speaker, scaled: NDArray[np.int32], neutral: Neutral) -> None:
        """Take a neutral utterance of `speaker`: `scaled` as `Running.hear` has it.

        A mean goes towards its feature and never past it, and gets no farther than 1.6 of LONGEST. Raises
        SertoolError for who has enrolled with all that count.
        """
        if speaker.heard >= self.most:
            raise SertoolError(
                f"the speaker has enrolled with {speaker.heard} utterances already",
                allowed=f"at most {self.most}",
                hint="forget the speaker first, to enrol anew",
            )
        speaker.heard += 1
        weights = UNIT * speaker.heard + neutral.priors.astype(np.int32)
        speaker.approach(speaker.way(scaled - neutral.points), gain(weights, UNIT))

    def hear(self, speaker: Speaker, scaled: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return the network's input of an utterance, int8 (features,); the speaker stays as known."""
        return to_input(scaled - speaker.means)
