"""What a device makes of utterances, one after another, before its model: features, inputs, doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.answers.doubts import Certainty, certainty_of, doubts_of_sound
from sertool.answers.enrolling import Enrolment, enroll
from sertool.frontend import Frontend, FrontendSpec, Sound, sound_of
from sertool.standardization import Speaker, Standardizer


@dataclass(frozen=True, eq=False)
class Utterances:
    """Raw `features` int32 (n, features), all 0 of an utterance of which no frame counts, and its `sounds`."""

    features: NDArray[np.int32]
    sounds: tuple[Sound, ...]

    @classmethod
    def of(cls, heard: Iterable[tuple[NDArray[np.int32], Sound]]) -> Utterances:
        """Put together what `utterance` gave, of one utterance at least."""
        features, sounds = zip(*heard, strict=True)
        return cls(np.stack(features), sounds)

    def singly(self) -> list[Utterances]:
        """Each utterance for itself."""
        pairs = zip(self.features, self.sounds, strict=True)
        return [Utterances(row[np.newaxis], (sound,)) for row, sound in pairs]


def utterance(frontend: Frontend, pcm: NDArray[np.int16]) -> tuple[NDArray[np.int32], Sound]:
    """Hear int16 `pcm` (samples,). Raises `TooShort` where there is no whole frame."""
    sound = sound_of(frontend, pcm)
    return frontend.features(pcm) if sound.counted else np.zeros(frontend.spec.features, np.int32), sound


def standardized(
    spec: FrontendSpec, standardizer: Standardizer, heard: Utterances, speaker: Speaker | None = None
) -> NDArray[np.int8]:
    """What the network reads of utterances in the order heard, int8 (n, features).

    Where nobody speaks the speaker stays as known; where no frame counts the input is 0.
    """
    return enrolled_each(spec, standardizer, heard, speaker, attempts=0)[0]


def enrolled_each(
    spec: FrontendSpec,
    standardizer: Standardizer,
    heard: Utterances,
    speaker: Speaker | None = None,
    *,
    attempts: int | None = None,
) -> tuple[NDArray[np.int8], tuple[Enrolment, ...]]:
    """As `standardized`; but each of the first `attempts` utterances (None: every one) is to enrol, once heard.

    Also returns what became of these.
    """
    speaker = speaker or Speaker.unknown(standardizer.features)
    attempts = len(heard.sounds) if attempts is None else attempts
    became = []
    inputs = np.zeros(heard.features.shape, np.int8)
    for row, sound in enumerate(heard.sounds):
        if sound.counted:
            silent = certainty_of(doubts_of_sound(spec, sound)) is Certainty.NO_VOICE
            known = speaker.copy() if silent else speaker
            inputs[row] = standardizer.follow(heard.features[row : row + 1], known)[0]
        if row < attempts:
            became.append(enroll(spec, standardizer, heard.features[row], sound, speaker))
    return inputs, tuple(became)
