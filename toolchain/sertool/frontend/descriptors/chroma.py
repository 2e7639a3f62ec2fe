"""Parts of the power in each pitch class, by librosa's definition, the largest of a frame being one.

librosa itself is not needed; a test holds the filters equal to `librosa.filters.chroma` 0.11.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import LOUD_DB, in_decibels, loud, mel_filters
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered, rounded, table

#: librosa's defaults: octaves are counted from A0, the gain peaks at octave 5, two octaves wide.
_A0_HZ = 440 / 16
_CENTRE_OCTAVE = 5.0
_OCTAVE_WIDTH = 2.0

#: Weights below this part of their bin's largest are left out.
_FLOOR = 0.0015
#: Bits that chroma.c narrows powers to, less those that a product with a weight loses.
_BITS = 25 - 16
#: Mel bands that say which frames are loud.
_LOUD_BANDS = 128


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


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    """Ranges of bins that share a shift, and for each class its runs of pairs of bins and their weights."""
    filters = chroma_filters(framing.sample_rate, framing.frame_length, sizes["chroma"])
    filters = np.pad(filters, ((0, 0), (0, 1)))
    peaks = filters.max(axis=0)
    gains = np.linalg.norm(filters, axis=0).reshape(-1, 2).max(axis=1)
    # The weights' 16 bits bear gains down to an eighth well; what is below is a shift.
    shifts = np.clip(rounded(np.log2(gains.max() / gains)) - 3, 0, 7)
    ends = np.append(np.flatnonzero(np.diff(shifts)) + 1, len(shifts))
    ranges = [(int(2 * end), int(shifts[end - 1])) for end in ends]

    relative = np.where(filters > _FLOOR * peaks, filters, 0) * 2.0 ** np.repeat(shifts, 2)
    weights = rounded(relative / relative.max() * 32767)
    assert (weights.sum(axis=1) << _BITS < 2**31).all(), "a class's sum fits 32 bits"
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
        table("ser_chroma_ranges", "uint16_t", ranges),
        table("ser_chroma_runs", "uint16_t", runs),
        table("ser_chroma_weights", "uint32_t", np.concatenate(words)),
    ]
    return tables, {}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    filters = chroma_filters(framing.sample_rate, framing.frame_length, sizes["chroma"])
    chroma = heard["power"] @ filters.T
    parts: NDArray[np.float64] = chroma / np.maximum(chroma.max(axis=1, keepdims=True), 1e-300)
    return parts


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    filters = mel_filters(framing.sample_rate, framing.frame_length, _LOUD_BANDS)
    frames = loud(in_decibels(theirs["power"], filters)).any(axis=1)
    return ours["chroma"][frames], theirs["chroma"][frames]


KIND = Kind(
    name="chroma",
    unit="of the largest",
    step=1 / 32768,
    bits=16,
    sizes=lambda framing, sizes: (12, 24, 36),
    usual=12,
    needs=("power",),
    real=_real,
    tables=_tables,
    consumes=("power",),
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.001, 0.003, 0.005), _pairs),
)
