"""Window and filterbanks in float64, by librosa's definitions; the ground truth of every table.

librosa itself is not needed; a test holds these equal to `librosa.filters` 0.11.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

#: Slaney's mel scale: linear to 1 kHz (15 mel), then 27 steps for each factor of 6.4.
_LINEAR_HZ = 200 / 3
_LOG_FROM_HZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27

#: librosa's defaults for chroma: octaves are counted from A0, the gain peaks at octave 5, two octaves wide.
_A0_HZ = 440 / 16
_CENTRE_OCTAVE = 5.0
_OCTAVE_WIDTH = 2.0


def hann(length: int) -> NDArray[np.float64]:
    """Periodic Hann window, as `scipy.signal.get_window("hann", length)`."""
    window: NDArray[np.float64] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return window


def bin_frequencies(sample_rate: int, frame_length: int) -> NDArray[np.float64]:
    """Centres of the frame_length / 2 + 1 bins in Hz."""
    return np.arange(frame_length // 2 + 1) * (sample_rate / frame_length)


def mel_points(sample_rate: int, bands: int) -> NDArray[np.float64]:
    """Corners of the triangles in Hz: bands + 2 points from 0 to half the sample rate, equal steps in mel."""
    top = sample_rate / 2
    top_mel = top / _LINEAR_HZ if top < _LOG_FROM_HZ else _LOG_FROM_MEL + np.log(top / _LOG_FROM_HZ) / _LOG_STEP
    mel = np.linspace(0, top_mel, bands + 2)
    return np.where(
        mel < _LOG_FROM_MEL, mel * _LINEAR_HZ, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - _LOG_FROM_MEL))
    )


@functools.lru_cache(maxsize=128)
def mel_filters(sample_rate: int, frame_length: int, bands: int) -> NDArray[np.float64]:
    """Triangles of equal area (bands, bins), as `librosa.filters.mel(htk=False, norm="slaney")`."""
    points = mel_points(sample_rate, bands)
    frequencies = bin_frequencies(sample_rate, frame_length)
    widths = np.diff(points)
    slopes = points[:, None] - frequencies[None]
    rising = -slopes[:-2] / widths[:-1, None]
    falling = slopes[2:] / widths[1:, None]
    filters: NDArray[np.float64] = (
        np.maximum(0, np.minimum(rising, falling)) * (2 / (points[2:] - points[:-2]))[:, None]
    )
    filters.flags.writeable = False
    return filters


@functools.lru_cache(maxsize=32)
def chroma_filters(sample_rate: int, frame_length: int, classes: int) -> NDArray[np.float64]:
    """Weights of each bin in each pitch class (classes, bins), as `librosa.filters.chroma(tuning=0)`.

    A bin is a Gaussian over the classes, as wide as the bin but at least one class, of unit norm, times a
    Gaussian over the octaves.
    """
    position = np.empty(frame_length)
    position[1:] = classes * np.log2(np.arange(1, frame_length) * (sample_rate / frame_length) / _A0_HZ)
    position[0] = position[1] - 1.5 * classes
    width = np.append(np.maximum(np.diff(position), 1.0), 1.0)
    half = np.round(classes / 2)
    distance = np.remainder(position - np.arange(classes)[:, None] + half + 10 * classes, classes) - half
    weights = np.exp(-0.5 * (2 * distance / width) ** 2)
    weights /= np.linalg.norm(weights, axis=0)
    weights *= np.exp(-0.5 * ((position / classes - _CENTRE_OCTAVE) / _OCTAVE_WIDTH) ** 2)
    filters: NDArray[np.float64] = np.roll(weights, -3 * (classes // 12), axis=0)[:, : frame_length // 2 + 1]
    filters.flags.writeable = False
    return filters


def dct_matrix(rows: int, columns: int) -> NDArray[np.float64]:
    """First rows of the orthonormal DCT-II of `columns` values."""
    k, j = np.arange(rows)[:, None], np.arange(columns)[None]
    matrix: NDArray[np.float64] = np.sqrt(2 / columns) * np.cos(np.pi * k * (2 * j + 1) / (2 * columns))
    matrix[0] = np.sqrt(1 / columns)
    return matrix
