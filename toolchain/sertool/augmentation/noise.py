"""Noise: white, pink, or a babble of voices, at a ratio of signal to noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sertool.augmentation.sounds import Sound, power

Colour = Literal["white", "pink", "babble"]
COLOURS: tuple[Colour, ...] = ("white", "pink", "babble")

#: Hertz below which pink noise is white, so that what no loudspeaker gives does not take all of its power.
_FLAT = 50


@dataclass(frozen=True)
class Noise:
    """Noise `snr` decibels below the clip, both by the mean power of all samples, pauses included.

    A babble is of the `voices`, by the digests of their contents.
    """

    colour: Colour
    snr: float
    voices: tuple[str, ...] = ()

    def __call__(self, sound: Sound, rate: int, random: np.random.Generator, voices: Sequence[Sound]) -> Sound:
        """Add the noise; `voices` are the sounds of those that it names. Of nothing, nothing is added."""
        if self.colour == "babble":
            noise = babble(len(sound), voices, random)
        else:
            noise = white(len(sound), random) if self.colour == "white" else pink(len(sound), rate, random)
        loud = power(noise)
        wanted = power(sound) * 10 ** (-self.snr / 10)
        return sound + noise * np.sqrt(wanted / loud) if loud else sound


def white(length: int, random: np.random.Generator) -> Sound:
    """Equal power in every hertz."""
    return random.standard_normal(length)


def pink(length: int, rate: int, random: np.random.Generator) -> Sound:
    """Equal power in every octave, white below `_FLAT` hertz."""
    # Powers of two are quick to transform; some clips' lengths are primes.
    whole = 2 ** (length - 1).bit_length()
    spectrum = np.fft.rfft(random.standard_normal(whole))
    hertz = np.fft.rfftfreq(whole, 1 / rate)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, _FLAT)), whole)[:length]


def babble(length: int, voices: Sequence[Sound], random: np.random.Generator) -> Sound:
    """Let `voices` speak at once, equally loud, each from some place on and over again."""
    noise = np.zeros(length)
    for voice in voices:
        start = int(random.integers(len(voice)))
        if loud := power(voice):
            noise += np.resize(np.roll(voice, -start), length) / np.sqrt(loud)
    return noise
