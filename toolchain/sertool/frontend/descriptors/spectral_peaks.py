"""Peaks of the smoothed spectrum where the first three formants lie: 250-1000, 900-2600 and 2200-3800 Hz.

The bin around which the power in 300 Hz, times sqrt(1 + f / 1 kHz), is largest, in Hz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing, refusal
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered, rounded, table

_RANGES_HZ = ((250, 1000), (900, 2600), (2200, 3800))
_SMOOTH_HZ = 300


def _width(framing: Framing) -> int:
    """Bins that are smoothed over, an odd number."""
    return 2 * round((_SMOOTH_HZ * framing.frame_length / framing.sample_rate - 1) / 2) + 1


def _ranges(framing: Framing) -> list[tuple[int, int]]:
    """First bin of each range, and the first above it."""
    return [
        (
            -(-low * framing.frame_length // framing.sample_rate),
            high * framing.frame_length // framing.sample_rate,
        )
        for low, high in _RANGES_HZ
    ]


def _weights(framing: Framing) -> NDArray[np.float64]:
    """Weight of each bin from the lowest of any range up to the highest."""
    ranges = _ranges(framing)
    bins = np.arange(ranges[0][0], ranges[-1][1])
    return np.asarray(np.sqrt(1 + bins * framing.sample_rate / framing.frame_length / 1000))


def _sizes(framing: Framing, sizes: Sizes) -> tuple[int, ...]:
    if _width(framing) < 3:
        raise refusal(
            "frame_length", framing.frame_length, f"so long that spectral_peaks has 3 bins in {_SMOOTH_HZ} Hz"
        )
    return (len(_RANGES_HZ),)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    weights = _weights(framing)
    tables = [
        table("ser_spectral_peaks_ranges", "uint16_t", _ranges(framing)),
        table("ser_spectral_peaks_weights", "uint16_t", rounded(weights / weights[-1] * 2**15)),
    ]
    return tables, {"SPECTRAL_PEAKS_WIDTH": _width(framing)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    ranges, half = _ranges(framing), _width(framing) // 2
    lowest, highest = ranges[0][0], ranges[-1][1]
    around = heard["power"][:, lowest - half : highest + half]
    smooth = np.lib.stride_tricks.sliding_window_view(around, 2 * half + 1, axis=1).sum(axis=2) * _weights(
        framing
    )
    bins = [first + smooth[:, first - lowest : after - lowest].argmax(axis=1) for first, after in ranges]
    hertz: NDArray[np.float64] = np.stack(bins, axis=1) * (framing.sample_rate / framing.frame_length)
    return hertz


KIND = Kind(
    name="spectral_peaks",
    unit="Hz",
    step=1.0,
    bits=15,
    sizes=_sizes,
    usual=len(_RANGES_HZ),
    needs=("power",),
    real=_real,
    tables=_tables,
    labels=("1", "2", "3"),
    parity=Parity(
        "all frames",
        (1.0, 50.0, 1700.0),
        lambda framing, ours, theirs: (ours["spectral_peaks"], theirs["spectral_peaks"]),
    ),
)
