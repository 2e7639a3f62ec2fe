"""Logarithms of the energies in a mel filterbank, by librosa's definition.

librosa itself is not needed; a test holds the filters equal to `librosa.filters.mel` 0.11.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Pairs, Parity, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.spectrum import bin_frequencies, fft_gain, first_radix
from sertool.frontend.tables import Rendered, rounded, table

#: dB of a factor of two of power.
DB_PER_OCTAVE = float(10 * np.log10(2))
#: Silence, below which no value goes, in dB.
FLOOR_DB = -32767 * DB_PER_OCTAVE / 1024
#: Cells count within this many dB of the clip's loudest.
LOUD_DB = 60.0

_BANDS = tuple(range(8, 257, 8))

#: Slaney's mel scale: linear to 1 kHz (15 mel), then 27 steps for each factor of 6.4.
_LINEAR_HZ = 200 / 3
_LOG_FROM_HZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27


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


def in_decibels(power: NDArray[np.float64], filters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energies (frames, bands) of a power (frames, bins) in dB, not below -3000."""
    decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power @ filters.T, 1e-300))
    return decibels


def loud(log_mel: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which cells of a clip are within `LOUD_DB` of its loudest."""
    cells: NDArray[np.bool_] = log_mel > log_mel.max() - LOUD_DB
    return cells


def of_loud_frames(kind: str) -> Pairs:
    """Compare what a kind has of the frames with a loud cell."""

    def pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        frames = loud(theirs["log_mel"]).any(axis=1)
        return ours[kind][frames], theirs[kind][frames]

    return pairs


def loudest(framing: Framing, bands: int) -> float:
    """Bound of a value, Q10 of log2: all energy of a full-scale constant in the narrowest band."""
    points = mel_points(framing.sample_rate, bands)
    gain = (2 / (points[2:] - points[:-2])).max()
    return float(np.log2(framing.frame_length**2 * 5 / 16 * gain) * 1024)


@functools.lru_cache(maxsize=128)
def _heard_bands(sample_rate: int, frame_length: int) -> tuple[int, ...]:
    """Numbers of bands that leave none between two bins."""
    frequencies = bin_frequencies(sample_rate, frame_length)

    def heard(bands: int) -> bool:
        points = mel_points(sample_rate, bands)
        inside = np.searchsorted(frequencies, points[2:]) - np.searchsorted(frequencies, points[:-2], "right")
        return bool((inside > 0).all())

    return tuple(bands for bands in _BANDS if heard(bands))


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    """One weight a bin, how many bins lie between two mel points, and each band's gain as a logarithm."""
    bands = sizes["log_mel"]
    points = mel_points(framing.sample_rate, bands)
    frequencies = bin_frequencies(framing.sample_rate, framing.frame_length)
    segment = np.clip(np.searchsorted(points, frequencies, side="right") - 1, 0, bands)
    weight = np.clip((frequencies - points[segment]) / np.diff(points)[segment], 0, 1)
    lengths = np.bincount(segment, minlength=bands + 1)
    gains = np.log2(2 / (points[2:] - points[:-2]))
    fft = fft_gain(first_radix(framing.frame_length))
    assert loudest(framing, bands) < 32767, "the loudest value fits 16 bits"
    length_type = "uint8_t" if lengths.max() < 2**8 else "uint16_t"
    tables = [
        table("ser_log_mel_lengths", length_type, lengths),
        table("ser_log_mel_weights", "uint16_t", rounded(weight * 2**15)),
        table("ser_log_mel_gains", "uint16_t", rounded((gains - gains.min()) * 2**12)),
        log_table(),
    ]
    constants: dict[str, int | str] = {
        "LOG_MEL_BASE": round((gains.min() - 2 * np.log2(fft / 2**15)) * 2**16),
        "LOG_MEL_LENGTH": length_type,
    }
    return tables, constants


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    filters = mel_filters(framing.sample_rate, framing.frame_length, sizes["log_mel"])
    return in_decibels(heard["power"], filters)


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cells = loud(theirs["log_mel"])
    return ours["log_mel"][cells], theirs["log_mel"][cells]


KIND = Kind(
    name="log_mel",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=lambda framing, sizes: _heard_bands(framing.sample_rate, framing.frame_length),
    usual=128,
    needs=("power", "gain"),
    real=_real,
    tables=_tables,
    parity=Parity(f"cells within {LOUD_DB:g} dB of the clip's loudest", (0.002, 0.02, 0.06), _pairs),
)
