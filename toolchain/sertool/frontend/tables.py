"""The C front end's constant arrays and constants, computed for one specification."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.frontend.filters import (
    bin_frequencies,
    chroma_filters,
    dct_matrix,
    hann,
    mel_points,
)
from sertool.frontend.spec import FrontendSpec

_DB_PER_OCTAVE = 10 * np.log10(2)
_CHUNK = 32
#: Chroma weights below this part of their bin's largest are left out.
_CHROMA_FLOOR = 0.0015
#: Bits that chroma.c narrows powers to, less those that a product with a weight loses.
_CHROMA_BITS = 25 - 16


@dataclass(frozen=True)
class Table:
    """A constant array of the C front end."""

    name: str
    type: str
    values: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Bytes that it takes in flash."""
        return len(self.values) * np.dtype(self.type.removesuffix("_t")).itemsize


def _table(name: str, ctype: str, values: ArrayLike) -> Table:
    flat = np.asarray(values).ravel()
    limits = np.iinfo(ctype.removesuffix("_t"))
    assert flat.min() >= limits.min and flat.max() <= limits.max, f"{name} does not fit {ctype}"
    return Table(name, ctype, tuple(flat.tolist()))


def _round(values: ArrayLike) -> NDArray[np.int64]:
    rounded: NDArray[np.int64] = np.floor(np.asarray(values, np.float64) + 0.5).astype(np.int64)
    return rounded


def _narrowest(values: NDArray[np.int64]) -> str:
    return "uint8_t" if values.max() < 2**8 else "uint16_t"


def _pack(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Two signed halves of a word, rounded and kept within 16 bits."""
    low_half, high_half = (np.clip(_round(half), -32768, 32767) & 0xFFFF for half in (low, high))
    words: NDArray[np.int64] = low_half | (high_half << 16)
    return words


def _units(turns: NDArray[np.float64], gain: int = 2**15) -> NDArray[np.int64]:
    """exp(-2 pi i turns) times `gain`: cosine in the low half, sine in the high half."""
    angle = -2 * np.pi * turns
    return _pack(gain * np.cos(angle), gain * np.sin(angle))


def _split_units(frame_length: int) -> NDArray[np.int64]:
    """exp(-2 pi i k / frame_length); those below 30 degrees as one minus the cosine, and the sine, Q16."""
    k = np.arange(frame_length // 4)
    angle = -2 * np.pi * k / frame_length
    fine = _pack(2**16 * (1 - np.cos(angle)), 2**16 * np.sin(angle))
    return np.where(k < frame_length // 12, fine, _units(k / frame_length))


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
    yield _table("ser_window", "uint16_t", np.clip(_round(hann(frame_length)[:points] * 2**16), 1, 2**16 - 1))
    groups = points // radix
    index = np.arange(groups)
    reversal = np.zeros(groups, np.int64)
    while groups > 1:
        reversal, index, groups = reversal * 4 + index % 4, index // 4, groups // 4
    yield _table("ser_reversal", "uint8_t", reversal)
    lengths = []
    while radix < points:
        lengths.append(radix)
        radix *= 4
    turns = [np.arange(length)[:, None] * np.array([1, 2, 3]) / (4 * length) for length in lengths]
    gains = [fft_gain(lengths[0]), *[2**15] * (len(lengths) - 1)]
    units = [_units(turn, gain).ravel() for turn, gain in zip(turns, gains, strict=True)]
    yield _table("ser_twiddles", "uint32_t", np.concatenate(units))
    yield _table("ser_split_twiddles", "uint32_t", _split_units(frame_length))


def mel_tables(spec: FrontendSpec) -> tuple[list[Table], dict[str, Any]]:
    """One weight a bin, how many bins lie between two mel points, and each band's gain as a logarithm."""
    points = mel_points(spec.sample_rate, spec.mel_bands)
    frequencies = bin_frequencies(spec.sample_rate, spec.frame_length)
    segment = np.clip(np.searchsorted(points, frequencies, side="right") - 1, 0, spec.mel_bands)
    weight = np.clip((frequencies - points[segment]) / np.diff(points)[segment], 0, 1)
    lengths = np.bincount(segment, minlength=spec.mel_bands + 1)
    gains = np.log2(2 / (points[2:] - points[:-2]))
    fft = fft_gain(first_radix(spec.frame_length))
    assert loudest_log_mel(spec) < 32767, "the loudest log-mel value fits 16 bits"
    tables = [
        _table("ser_mel_lengths", _narrowest(lengths), lengths),
        _table("ser_mel_weights", "uint16_t", _round(weight * 2**15)),
        _table("ser_mel_gains", "uint16_t", _round((gains - gains.min()) * 2**12)),
        _table("ser_log_table", "uint16_t", np.minimum(_round(np.log2(1 + np.arange(65) / 64) * 2**16), 65535)),
    ]
    constants = {
        "mel_log_base": round((gains.min() - 2 * np.log2(fft / 2**15)) * 2**16),
        "mel_length_type": tables[0].type,
    }
    return tables, constants


def loudest_log_mel(spec: FrontendSpec) -> float:
    """Bound of a log-mel value, Q10 of log2: all energy of a full-scale constant in the narrowest band."""
    points = mel_points(spec.sample_rate, spec.mel_bands)
    gain = (2 / (points[2:] - points[:-2])).max()
    return float(np.log2(spec.frame_length**2 * 5 / 16 * gain) * 1024)


def mfcc_tables(spec: FrontendSpec) -> tuple[list[Table], dict[str, Any]]:
    """Rows of the DCT in dB a log2 step, folded; see mfcc.c."""
    bands = spec.mel_bands
    folds = min(3, (bands & -bands).bit_length() - 3)
    rows = dct_matrix(spec.size("mfcc"), bands) * _DB_PER_OCTAVE
    parts = [rows[2**fold :: 2 ** (fold + 1), : bands >> (fold + 1)] for fold in range(folds)]
    parts.append(rows[2**folds :: 2**folds, : bands >> folds])
    chunks = [
        np.abs(part[:, at : at + _CHUNK]).sum(axis=1)
        for part in parts
        for at in range(0, part.shape[1], _CHUNK)
    ]
    # What mfcc.c folds is at most half of the range from silence to the loudest; its sums have 32 bits.
    largest = np.concatenate(chunks).max() * (loudest_log_mel(spec) + 32767) / 2
    bits = min(13, int(np.log2((2**31 - 1) / largest)))
    values = np.concatenate([_round(part * 2**bits).ravel() for part in parts])
    constants = {
        "mfcc_bits": bits,
        "mfcc_folds": folds,
        "mfcc_mean": round(_DB_PER_OCTAVE / np.sqrt(bands) / 4 * 2**32),
    }
    return [_table("ser_mfcc_rows", "int16_t", values)], constants


def chroma_tables(spec: FrontendSpec) -> tuple[list[Table], dict[str, Any]]:
    """Ranges of bins that share a shift, and for each class its runs of pairs of bins and their weights."""
    filters = chroma_filters(spec.sample_rate, spec.frame_length, spec.size("chroma"))
    filters = np.pad(filters, ((0, 0), (0, 1)))
    peaks = filters.max(axis=0)
    gains = np.linalg.norm(filters, axis=0).reshape(-1, 2).max(axis=1)
    # The weights' 16 bits bear gains down to an eighth well; what is below is a shift.
    shifts = np.clip(_round(np.log2(gains.max() / gains)) - 3, 0, 7)
    ends = np.append(np.flatnonzero(np.diff(shifts)) + 1, len(shifts))
    ranges = [(int(2 * end), int(shifts[end - 1])) for end in ends]

    relative = np.where(filters > _CHROMA_FLOOR * peaks, filters, 0) * 2.0 ** np.repeat(shifts, 2)
    weights = _round(relative / relative.max() * 32767)
    assert (weights.sum(axis=1) << _CHROMA_BITS < 2**31).all(), "a class's sum fits 32 bits"
    runs: list[int] = []
    words: list[NDArray[np.int64]] = []
    for row in weights:
        used = np.flatnonzero(row[:-1])
        for run in np.split(used, np.flatnonzero(np.diff(used) > 1) + 1):
            pairs = (len(run) + 1) // 2
            runs += [int(run[0]), pairs]
            first = run[0] + 2 * np.arange(pairs)
            words.append(row[first] | (np.where(first < run[-1], row[first + 1], 0) << 16))
        runs += [0, 0]
    tables = [
        _table("ser_chroma_runs", "uint16_t", runs),
        _table("ser_chroma_weights", "uint32_t", np.concatenate(words)),
    ]
    return tables, {"chroma_ranges": ranges}


def table_bytes(tables: list[Table], constants: dict[str, Any]) -> int:
    """Bytes of all tables of one specification."""
    return sum(table.bytes for table in tables) + 4 * len(constants.get("chroma_ranges", ()))
