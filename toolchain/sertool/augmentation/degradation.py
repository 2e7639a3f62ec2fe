"""What is done to one clip: a chain of effects and the seed of what they draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation.band import Band
from sertool.augmentation.gain import Gain
from sertool.augmentation.noise import Noise
from sertool.augmentation.room import Room
from sertool.augmentation.sounds import to_pcm
from sertool.digests import value_digest
from sertool.plain_values import to_plain

Effect = Band | Gain | Noise | Room


@dataclass(frozen=True)
class Degradation:
    """`effects`, one after the other, and the `seed` of all that they draw."""

    effects: tuple[Effect, ...]
    seed: int

    @property
    def digest(self) -> str:
        """SHA-256 of all that it says, in hexadecimal."""
        return value_digest([self.seed, *((type(each).__name__, to_plain(each)) for each in self.effects)])

    def apply(
        self, pcm: NDArray[np.int16], rate: int, voice: Callable[[str], NDArray[np.int16]]
    ) -> NDArray[np.int16]:
        """Return the clip as it is heard then, int16 (samples,) with saturation.

        `pcm` int16 (samples,) at `rate` hertz; `voice` gives the samples of what a babble names.
        """
        random = np.random.Generator(np.random.PCG64(self.seed))
        sound = pcm.astype(np.float64)
        for effect in self.effects:
            named = effect.voices if isinstance(effect, Noise) else ()
            sound = effect(sound, rate, random, [voice(name).astype(np.float64) for name in named])
        return to_pcm(sound)
