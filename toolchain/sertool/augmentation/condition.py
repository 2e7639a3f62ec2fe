"""Conditions: what a test does to every clip, to say how right a device is where it is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sertool.augmentation.band import TELEPHONE, Band
from sertool.augmentation.chorus import any_noise
from sertool.augmentation.degradation import Degradation
from sertool.augmentation.gain import Gain


@dataclass(frozen=True)
class Condition:
    """A `name` and what is done: an effect, or noise `snr` decibels below the clip, of any colour."""

    name: str
    effect: Band | Gain | None = None
    snr: float | None = None

    def of(self, clip: str, others: Collection[str]) -> Degradation:
        """Return what is done to a clip; the same whatever is tested before; `others` babble.

        Clips go by the digests of their contents.
        """
        if self.effect is not None:
            return Degradation((self.effect,), 0)
        assert self.snr is not None
        random = np.random.Generator(np.random.PCG64([0, int(clip, 16)]))
        noise = any_noise(self.snr, clip, others, "condition", random)
        return Degradation((noise,), int(random.integers(2**62)))


#: By name, in the order of tables.
CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        condition.name: condition
        for condition in (
            Condition("noise 20 dB", snr=20.0),
            Condition("noise 10 dB", snr=10.0),
            Condition("noise 5 dB", snr=5.0),
            Condition("gain -30 dB", Gain(-30.0)),
            Condition("telephone", TELEPHONE),
        )
    }
)
