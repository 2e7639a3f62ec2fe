"""What makes an answer doubtful; what `runtime/answers/doubts.c` does, in numpy."""

from __future__ import annotations

import enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.answers.rule import (
    CLIPPED_PART,
    LEAST_BITS,
    MOVING_BITS,
    VOICED_PART,
    Rule,
    distances,
    least_frames,
)
from sertool.frontend import FrontendSpec, Sound


class Certainty(enum.IntEnum):
    """Whether to believe a label; `enum ser_certainty`."""

    SURE = 0
    NOT_SURE = 1
    NO_VOICE = 2

    @property
    def told(self) -> str:
        """In words."""
        return self.name.lower().replace("_", " ")


class Doubt(enum.IntFlag):
    """Why not; `enum ser_doubt`. Those up to NO_VOICE are about the sound, the others about the answer."""

    TOO_QUIET = 1 << 0
    TOO_SHORT = 1 << 1
    CLIPPED = 1 << 2
    NO_VOICE = 1 << 3
    UNLIKE_TRAINING = 1 << 4
    TWO_LABELS = 1 << 5
    UNLIKELY = 1 << 6

    @property
    def told(self) -> list[str]:
        """Each in words."""
        return [_TOLD.get(doubt, str(doubt.name).lower().replace("_", " ")) for doubt in self]


#: Doubts whose words are not their name's.
_TOLD = {Doubt.TWO_LABELS: "between two labels", Doubt.UNLIKELY: "no label stands out"}


def doubts_of_sound(spec: FrontendSpec, sound: Sound) -> Doubt:
    """Doubts about an utterance that was heard through `spec`."""
    doubts = Doubt(0)
    if sound.loudest < LEAST_BITS:
        doubts |= Doubt.TOO_QUIET
    if sound.counted < least_frames(spec):
        doubts |= Doubt.TOO_SHORT
    if CLIPPED_PART * sound.clipped > sound.samples:
        doubts |= Doubt.CLIPPED
    if sound.counted == 0 or _nobody_speaks(sound, doubts):
        doubts |= Doubt.NO_VOICE
    return doubts


def _nobody_speaks(sound: Sound, doubts: Doubt) -> bool:
    if sound.voiced is not None:
        return VOICED_PART * sound.voiced < sound.counted
    # So few hops may be of one vowel, unless they are silent.
    tells = doubts & (Doubt.TOO_SHORT | Doubt.TOO_QUIET) != Doubt.TOO_SHORT
    return tells and sound.loudest - sound.quietest < MOVING_BITS


def doubts_of_labels(
    rule: Rule, inputs: NDArray[np.int8], probabilities: NDArray[np.int8], labels: NDArray[np.integer[Any]]
) -> NDArray[np.int32]:
    """Doubts, int32 (clips,), about `labels` (clips,) of a network with these `probabilities` (clips, classes).

    It read `inputs` (clips, features).
    """
    parts = probabilities.astype(np.int64) + 128
    rows = np.arange(len(parts))
    best = parts[rows, labels]
    parts[rows, labels] = 0
    second = parts.max(axis=1)
    unlike = np.where(distances(inputs) > rule.farthest, Doubt.UNLIKE_TRAINING, 0)
    close = np.where(2 * second >= best, Doubt.TWO_LABELS, Doubt.UNLIKELY)
    return np.asarray(unlike | np.where(best < rule.least, close, 0), np.int32)


def certainty_of(doubts: int) -> Certainty:
    """What doubts come to."""
    if doubts & Doubt.NO_VOICE:
        return Certainty.NO_VOICE
    return Certainty.NOT_SURE if doubts else Certainty.SURE
