"""Slope of log-mel over 50 to 500 Hz, and over 500 to 1500 Hz, in dB per kHz.

As in eGeMAPS (Eyben et al., 2016), a line of least squares, here through mel bands that count by their width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB, LOUD_DB, of_loud_frames
from sertool.frontend.descriptors.mel_power import bands_between, centres
from sertool.frontend.framing import Framing, refusal
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered, rounded, table

_RANGES_HZ = ((50.0, 500.0), (500.0, 1500.0))
_FEWEST_BANDS = 3
_STEP = 1 / 32


def _weights(framing: Framing, sizes: Sizes, low: float, high: float) -> NDArray[np.float64]:
    """What each band of a range adds to the slope, for one dB, (bands,)."""
    first, after = bands_between(framing, sizes, low, high)
    frequencies = centres(framing, sizes)
    widths = np.gradient(frequencies)[first:after]
    about = frequencies[first:after] - np.average(frequencies[first:after], weights=widths)
    weights: NDArray[np.float64] = 1000 * widths * about / (widths * about**2).sum()
    return weights


def _sizes(framing: Framing, sizes: Sizes) -> range:
    for low, high in _RANGES_HZ:
        first, after = bands_between(framing, sizes, low, high)
        if after - first < _FEWEST_BANDS:
            raise refusal(
                "the size of log_mel",
                sizes["log_mel"],
                f"so many bands that {_FEWEST_BANDS} lie between {low:g} and {high:g} Hz",
            )
    return range(1, len(_RANGES_HZ) + 1)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    used = _RANGES_HZ[: sizes["slope"]]
    real = [_weights(framing, sizes, low, high) * DB_PER_OCTAVE / 1024 / _STEP for low, high in used]
    # Sums of any log-mel, -32767 to 32767, fit 32 bits, half a step of rounding included.
    most = max(float(np.abs(weights).sum()) for weights in real)
    assert most * 32767 < 2**15, "the steepest slope fits 16 bits"
    bits = min(15, int(np.log2((2**31 - 2**15) / (most * 32767 * 1.01))))
    weights = []
    for each in real:
        whole = rounded(each * 2**bits)
        # What rounding leaves of the sum would let the level through.
        whole[np.abs(whole).argmax()] -= whole.sum()
        weights.append(whole)
    ranges = [bands_between(framing, sizes, low, high) for low, high in used]
    tables = [
        table("ser_slope_ranges", "uint8_t", [(first, after - first) for first, after in ranges]),
        table("ser_slope_weights", "int16_t", np.concatenate(weights)),
    ]
    return tables, {"SLOPE_BITS": bits}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    log_mel = np.maximum(heard["log_mel"], FLOOR_DB)
    slopes = []
    for low, high in _RANGES_HZ[: sizes["slope"]]:
        first, after = bands_between(framing, sizes, low, high)
        slopes.append(log_mel[:, first:after] @ _weights(framing, sizes, low, high))
    return np.stack(slopes, axis=1)


KIND = Kind(
    name="slope",
    unit="dB/kHz",
    step=_STEP,
    bits=15,
    sizes=_sizes,
    usual=1,
    needs=("log_mel",),
    real=_real,
    tables=_tables,
    labels=("50-500", "500-1500"),
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.02, 0.4, 2.5), of_loud_frames("slope")),
)
