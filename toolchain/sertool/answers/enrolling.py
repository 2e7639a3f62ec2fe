"""Which utterances a speaker may enrol with; what `ser_enroll` of `runtime/sertool.c` does, in numpy."""

from __future__ import annotations

import enum

import numpy as np
from numpy.typing import NDArray

from sertool.answers.doubts import doubts_of_sound
from sertool.frontend import FrontendSpec, Sound
from sertool.standardization import Speaker, Standardizer


class Enrolment(enum.IntEnum):
    """What became of an utterance that was to enrol; `enum ser_enrolment`."""

    ENROLLED = 0
    NOTHING_HEARD = 1
    UNSUITABLE = 2
    ENOUGH_HEARD = 3
    ENROLLS_NOBODY = 4


def enroll(
    spec: FrontendSpec,
    standardizer: Standardizer,
    features: NDArray[np.int32],
    sound: Sound,
    speaker: Speaker,
) -> Enrolment:
    """Let `speaker` enrol with an utterance of these int32 `features` (features,), if it can.

    Its sound may leave no doubt. Anything but ENROLLED changes nothing.
    """
    if standardizer.enrolled is None:
        return Enrolment.ENROLLS_NOBODY
    if speaker.heard >= standardizer.enrolled.most:
        return Enrolment.ENOUGH_HEARD
    if doubts_of_sound(spec, sound):
        return Enrolment.UNSUITABLE
    standardizer.enroll(features[np.newaxis], speaker)
    return Enrolment.ENROLLED
