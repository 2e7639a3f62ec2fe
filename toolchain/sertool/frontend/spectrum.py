"""Window and transform of a frame: in float64, and as tables of the C front end."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing
from sertool.frontend.tables import Table, rounded, table


def hann(length: int) -> NDArray[np.float64]:
    """Periodic Hann window, as `scipy.signal.get_window("hann", length)`."""
    window: NDArray[np.float64] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return window


def bin_frequencies(sample_rate: int, frame_length: int) -> NDArray[np.float64]:
    """Centres of the frame_length / 2 + 1 bins in Hz."""
    return np.arange(frame_length // 2 + 1) * (sample_rate / frame_length)


def power(framing: Framing, frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared magnitudes (frames, bins) of the transform of (frames, frame_length) under the Hann window."""
    magnitudes: NDArray[np.float64] = np.abs(np.fft.rfft(frames * hann(framing.frame_length)))
    return magnitudes**2


def first_radix(frame_length: int) -> int:
    """Radix of the transform's first pass, such that radix-4 passes do the rest."""
    return 8 if frame_length in (256, 1024) else 4


@functools.cache
def fft_gain(length: int) -> int:
    """Gain, Q15, of a radix-4 pass over transforms of `length` that brings its twiddles close to integers.

    Of all gains from 3/4 to one, the one with the least mean square of the rounding errors.
    """
    angles = 2 * np.pi * np.outer(np.arange(1, length), (1, 2, 3)) / (4 * length)
    gains = np.arange(3 * 2**13, 2**15)
    scaled = gains[:, None] * np.abs(np.stack([np.cos(angles), np.sin(angles)])).ravel()
    return int(gains[((scaled - np.round(scaled)) ** 2).sum(axis=1).argmin()])


def transform_tables(frame_length: int) -> Iterator[Table]:
    """Window, order of the first pass, twiddles of the radix-4 passes and of the split into real bins."""
    points = frame_length // 2
    radix = first_radix(frame_length)
    yield table("ser_window", "uint16_t", np.clip(rounded(hann(frame_length)[:points] * 2**16), 1, 2**16 - 1))
    groups = points // radix
    index = np.arange(groups)
    reversal = np.zeros(groups, np.int64)
    while groups > 1:
        reversal, index, groups = reversal * 4 + index % 4, index // 4, groups // 4
    yield table("ser_reversal", "uint8_t", reversal)
    lengths = []
    while radix < points:
        lengths.append(radix)
        radix *= 4
    turns = [np.arange(length)[:, None] * np.array([1, 2, 3]) / (4 * length) for length in lengths]
    gains = [fft_gain(lengths[0]), *[2**15] * (len(lengths) - 1)]
    units = [unit_vectors(turn, gain).ravel() for turn, gain in zip(turns, gains, strict=True)]
    yield table("ser_twiddles", "uint32_t", np.concatenate(units))
    yield table("ser_split_twiddles", "uint32_t", _split_units(frame_length))


def _pack(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Two signed halves of a word, rounded and kept within 16 bits."""
    low_half, high_half = (np.clip(rounded(half), -32768, 32767) & 0xFFFF for half in (low, high))
    words: NDArray[np.int64] = low_half | (high_half << 16)
    return words


def unit_vectors(turns: NDArray[np.float64], gain: int = 2**15) -> NDArray[np.int64]:
    """exp(-2 pi i turns) times `gain`: cosine in the low half, sine in the high half."""
    angle = -2 * np.pi * turns
    return _pack(gain * np.cos(angle), gain * np.sin(angle))


def _split_units(frame_length: int) -> NDArray[np.int64]:
    """exp(-2 pi i k / frame_length); those below 30 degrees as one minus the cosine, and the sine, Q16."""
    k = np.arange(frame_length // 4)
    angle = -2 * np.pi * k / frame_length
    fine = _pack(2**16 * (1 - np.cos(angle)), 2**16 * np.sin(angle))
    return np.where(k < frame_length // 12, fine, unit_vectors(k / frame_length))
