"""Source-filter synthesis of one utterance: glottal pulses and noise through formant resonators, numpy only.

The samples come out the same on every machine: what is computed with functions that may differ in the last bit
between processors (exponentials, cosines) is rounded to a coarse grid first, and what follows is additions and
multiplications of float64 in a fixed order, without BLAS or FFT.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.manners import Manner
from sertool.corpora.sentences import SOUNDS, Sound

RATE = 16000
_STEP = 80  # samples of a control frame: 5 ms
_RESPONSE = 400
_EDGE = 20  # silent control frames before and after

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Speaker:
    """pitch: mean neutral F0, hertz; tract: factor on formants; breath, jitter: added to the manner's."""

    name: str
    pitch: float
    tract: float
    breath: float = 0.0
    jitter: float = 0.0


def utter(sentence: str, speaker: Speaker, manner: Manner, random: np.random.Generator) -> NDArray[np.int16]:
    """Synthesize a sentence of `sentences.SENTENCES`: int16 mono (n,) at 16 kHz."""
    sounds, accents = _lay_out(sentence, manner, random)
    frames = len(sounds)
    formants = _smooth(np.array([sound.formants for sound in sounds]), 7) * speaker.tract * manner.formants
    voicing = _smooth(np.array([sound.voicing for sound in sounds]), 5)
    noise = _smooth(np.array([sound.noise for sound in sounds]), 3)
    pitch = _pitch(accents, speaker, manner, random)
    loudness = 10 ** (manner.level / 20)
    voiced = _voiced(pitch, formants, voicing * (0.7 + 0.3 * accents), speaker, manner, random)
    hiss = np.zeros(frames * _STEP)
    for centre in sorted({sound.noise_centre for sound in sounds if sound.noise}):
        own = noise * np.array([sound.noise_centre == centre for sound in sounds])
        hiss += _noise(centre, 0.75, _control(own), random)
    aspiration = _control(voicing * 10 ** ((manner.breath + speaker.breath) / 20))
    hiss += 4 * _noise(1700.0 * speaker.tract, 0.5, aspiration, random)
    room = (random.random(frames * _STEP) - 0.5) * 8
    samples = (voiced * 2600 + hiss * 2200) * _snap(loudness, 16) + room
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def _lay_out(sentence: str, manner: Manner, random: np.random.Generator) -> tuple[list[Sound], Floats]:
    """One sound a control frame, and the accent (0 to 1) of each."""
    silence = Sound((500, 1500, 2500), 0.0, voicing=0.0)
    sounds, accents = [silence] * _EDGE, [0.0] * _EDGE
    for letter in sentence:
        if letter == ",":
            length, sound = manner.pause * (0.6 + 0.8 * random.random()), silence
        else:
            sound = SOUNDS[letter.lower()]
            length = sound.length / manner.rate * (0.85 + 0.3 * random.random())
            length *= 1.2 if letter.isupper() else 1.0
        count = max(2, round(length * RATE / 1000 / _STEP))
        sounds += [sound] * count
        accents += [1.0 if letter.isupper() else 0.0] * count
    return [*sounds, *[silence] * _EDGE], _smooth(np.array([*accents, *[0.0] * _EDGE]), 21)


def _pitch(accents: Floats, speaker: Speaker, manner: Manner, random: np.random.Generator) -> Floats:
    """F0 in hertz at each control frame: level, drift, accents, slow wander."""
    along = np.linspace(0.5, -0.5, len(accents))
    wander = _smooth(random.random(len(accents)) - 0.5, 25) * 3
    semitones = manner.pitch - manner.slope * along + manner.pitch_range * (4 * (accents - 0.4) + wander)
    return speaker.pitch * 2.0 ** (semitones / 12)


def _voiced(
    pitch: Floats,
    formants: Floats,
    amplitude: Floats,
    speaker: Speaker,
    manner: Manner,
    random: np.random.Generator,
) -> Floats:
    """Sum the vocal tract's responses to every glottal pulse."""
    starts = _pulses(pitch, (manner.jitter + speaker.jitter) / 100, random)
    place = starts / _STEP
    size = np.interp(place, np.arange(len(pitch)), amplitude) * (
        1 + 0.06 * manner.jitter * _bell(random, len(place))
    )
    at = np.array([np.interp(place, np.arange(len(pitch)), row) for row in formants.T])
    upper = np.outer([3500.0, 4500.0], np.full(len(place), speaker.tract))
    tilt = 6.0 + manner.tilt
    responses = _responses(np.concatenate([at, upper]), _snap(size, 16), tilt)
    voiced = np.zeros(len(pitch) * _STEP + _RESPONSE + 1)
    whole = starts.astype(np.int64)
    part = starts - whole
    for index, start in enumerate(whole.tolist()):
        voiced[start : start + _RESPONSE] += responses[index] * (1 - part[index])
        voiced[start + 1 : start + 1 + _RESPONSE] += responses[index] * part[index]
    return voiced[: len(pitch) * _STEP]


def _pulses(pitch: Floats, jitter: float, random: np.random.Generator) -> Floats:
    """Starts of the glottal periods in samples, on a grid of 1/64."""
    period = np.rint(RATE * 64 / pitch).astype(np.int64).tolist()
    deviation = np.rint(jitter * 4096 * _bell(random, len(pitch) * 4)).astype(np.int64).tolist()
    starts, now, end = [], 0, len(pitch) * _STEP * 64
    while now < end:
        starts.append(now)
        length = period[now // (64 * _STEP)]
        now += max(64 * 20, length + length * deviation[len(starts) % len(deviation)] // 4096)
    return np.array(starts, dtype=np.float64) / 64


def _responses(formants: Floats, size: Floats, tilt: float) -> Floats:
    """Response (pulses, _RESPONSE) of five parallel two-pole resonators (5, pulses), `tilt` in dB an octave."""
    bandwidth = 50 + formants * 0.04
    radius = np.exp(-np.pi * bandwidth / RATE)
    angle = 2 * np.pi * np.minimum(formants, 7600) / RATE
    first, second = _snap(2 * radius * np.cos(angle), 16), _snap(radius * radius, 16)
    gain = _snap(10 ** (-tilt * np.log2(formants / 500) / 20) * np.sin(angle), 16) * size
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    now, before = gain * signs[:, None], np.zeros_like(gain)
    response = np.zeros((formants.shape[1], _RESPONSE))
    for sample in range(_RESPONSE):
        response[:, sample] = now[0] + now[1] + now[2] + now[3] + now[4]
        now, before = first * now - second * before, now
    return response


def _noise(centre: float, radius: float, amplitude: Floats, random: np.random.Generator) -> Floats:
    """White noise through a short resonant filter around `centre` hertz, times `amplitude`."""
    white = random.random(len(amplitude)) - 0.5
    angle = 2 * np.pi * min(centre, 7000.0) / RATE
    taps = _snap(np.array([radius**k * np.cos(angle * k) for k in range(16)]), 16)
    coloured = np.zeros_like(white)
    for delay, tap in enumerate(taps.tolist()):
        coloured[delay:] += white[: len(white) - delay] * tap
    return coloured * amplitude


def _control(values: Floats) -> Floats:
    """Interpolate control frames to samples, on a grid."""
    return _snap(np.interp(np.arange(len(values) * _STEP) / _STEP, np.arange(len(values)), values), 16)


def _smooth(values: Floats, width: int) -> Floats:
    """Moving average over `width` control frames along the first axis, ends held."""
    half = width // 2
    padded = np.concatenate([values[:1]] * half + [values] + [values[-1:]] * half)
    total = np.zeros_like(values, dtype=np.float64)
    for shift in range(width):
        total = total + padded[shift : shift + len(values)]
    return total / width


def _bell(random: np.random.Generator, count: int) -> Floats:
    """Draw from a bell of mean 0 and deviation 1: the sum of 12 uniform values, less 6 (within ±6)."""
    uniform = random.random((12, count))
    total = np.zeros(count)
    for row in uniform:
        total = total + row
    return total - 6


def _snap(values: Floats | float, bits: int) -> Floats:
    return np.asarray(np.rint(np.asarray(values) * 2.0**bits) / 2.0**bits)
