"""Gain: a speaker nearer or farther, a microphone more or less sensitive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sertool.augmentation.sounds import Sound


@dataclass(frozen=True)
class Gain:
    """`decibels` louder."""

    decibels: float

    def __call__(self, sound: Sound, rate: int, random: np.random.Generator, voices: Sequence[Sound]) -> Sound:
        """Multiply; saturation comes with rounding."""
        return sound * 10 ** (self.decibels / 20)
