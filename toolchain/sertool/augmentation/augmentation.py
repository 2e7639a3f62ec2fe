"""Augmentation: degraded copies of training clips, drawn by clip, seed and copy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from sertool.augmentation.band import TELEPHONE, Band
from sertool.augmentation.chorus import any_noise
from sertool.augmentation.degradation import Degradation, Effect
from sertool.augmentation.gain import Gain
from sertool.augmentation.room import Room
from sertool.errors import SertoolError

#: How often a copy has an effect at all; that of a room, noise and a band each its own draw.
_ROOM, _NOISE, _BAND = 0.3, 0.75, 0.3
_MOST_COPIES = 16


@dataclass(frozen=True)
class Augmentation:
    """`copies` of each training clip; the worst of them are the worse the greater the `strength`, 0 to 1.

    At strength 1 three of four copies have white or pink noise or babble at 3 to 30 dB, three of ten are heard
    in a room of 0.2 to 0.6 s, three of ten through a telephone or a poor microphone, and all at -30 to +3 dB.
    Raises SertoolError for a value out of range.
    """

    copies: int = 0
    strength: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.copies <= _MOST_COPIES:
            raise SertoolError(f"copies = {self.copies} cannot be used", allowed=f"0 (off) to {_MOST_COPIES}")
        if not 0 < self.strength <= 1:
            raise SertoolError(f"strength = {self.strength} cannot be used", allowed="above 0, at most 1")

    def draw(self, clip: str, others: Collection[str], seed: int, copy: int) -> Degradation:
        """Draw what is done to copy number `copy` of a clip; `others` may be heard in a babble.

        Clips go by the digests of their contents.
        """
        random = np.random.Generator(np.random.PCG64([seed, copy, int(clip, 16)]))
        effects: list[Effect] = []
        if random.random() < _ROOM * self.strength:
            effects.append(Room(random.uniform(0.2, 0.6), random.uniform(0, 12)))
        if random.random() < _NOISE:
            snr = random.uniform(30 - 27 * self.strength, 30)
            effects.append(any_noise(snr, clip, others, f"{seed} {copy}", random))
        if random.random() < _BAND * self.strength:
            poor = Band(random.uniform(80, 300), random.uniform(3400, 7000))
            effects.append(TELEPHONE if random.random() < 0.5 else poor)
        effects.append(Gain(random.uniform(-30 * self.strength, 3 * self.strength)))
        return Degradation(tuple(effects), int(random.integers(2**62)))
