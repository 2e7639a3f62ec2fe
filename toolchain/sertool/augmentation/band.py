"""Band limits: a telephone, a cheap microphone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sertool.augmentation.sounds import Sound


@dataclass(frozen=True)
class Band:
    """What lies between `low` and `high` hertz: a Butterworth band-pass of 4th order at either edge."""

    low: float
    high: float

    def __call__(self, sound: Sound, rate: int, random: np.random.Generator, voices: Sequence[Sound]) -> Sound:
        """Filter, forwards in time."""
        from scipy.signal import butter, sosfilt

        sections = butter(4, (self.low, self.high), "bandpass", fs=rate, output="sos")
        filtered: Sound = sosfilt(sections, sound)
        return filtered


#: The passband of analogue telephony (ITU-T G.712).
TELEPHONE = Band(300.0, 3400.0)
