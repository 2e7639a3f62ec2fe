"""A room: the direct sound and an echo that dies away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sertool.augmentation.sounds import Sound

#: Decay by 60 dB, in nepers of amplitude.
_DECAY = 3 * np.log(10)


@dataclass(frozen=True)
class Room:
    """An echo that falls by 60 dB in `reverberation` seconds, `direct` decibels below the direct sound.

    Polack's model: white noise that decays exponentially, which any room's echo is after its first reflections.
    """

    reverberation: float
    direct: float

    def __call__(self, sound: Sound, rate: int, random: np.random.Generator, voices: Sequence[Sound]) -> Sound:
        """Convolve; the clip keeps its length."""
        from scipy.signal import oaconvolve

        times = np.arange(1, round(self.reverberation * rate) + 1) / rate
        echo = random.standard_normal(len(times)) * np.exp(-_DECAY / self.reverberation * times)
        echo *= np.sqrt(10 ** (-self.direct / 10) / (echo @ echo))
        heard: Sound = oaconvolve(sound, np.concatenate([[1.0], echo]))[: len(sound)]
        return heard
