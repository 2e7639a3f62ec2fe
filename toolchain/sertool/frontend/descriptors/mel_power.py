"""Power in each mel band: log-mel, which is a density, back to what it was made from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB, mel_points
from sertool.frontend.exponential import exponential_table
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.tables import Rendered, rounded, table


def centres(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    """Where each band is largest, in Hz, (bands,)."""
    return mel_points(framing.sample_rate, sizes["log_mel"])[1:-1]


def bands_between(framing: Framing, sizes: Sizes, low: float, high: float) -> tuple[int, int]:
    """First band whose centre is not below `low` Hz, and the first that is not below `high`."""
    first, after = np.searchsorted(centres(framing, sizes), (low, high))
    return int(first), int(after)


def band_gains(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    """log2 of what makes each band's power a density, (bands,)."""
    points = mel_points(framing.sample_rate, sizes["log_mel"])
    gains: NDArray[np.float64] = np.log2(2 / (points[2:] - points[:-2]))
    return gains


def in_decibels(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    """Power of each band, (frames, bands), silence being the floor of log-mel."""
    decibels: NDArray[np.float64] = np.maximum(heard["log_mel"], FLOOR_DB)
    return decibels - band_gains(framing, sizes) * DB_PER_OCTAVE


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    tables = [
        table("ser_mel_power_centres", "uint16_t", rounded(centres(framing, sizes))),
        exponential_table(),
    ]
    return tables, {"MEL_POWER_BASE": round(-band_gains(framing, sizes).min() * 1024)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    """Parts of the largest band, and behind them that one in dB."""
    decibels = in_decibels(framing, sizes, heard)
    largest = decibels.max(axis=1, keepdims=True)
    return np.concatenate([10 ** ((decibels - largest) / 10), largest], axis=1)


KIND = Kind(
    name="mel_power",
    unit="of the largest",
    step=2.0**-30,
    bits=31,
    sizes=lambda framing, sizes: (sizes["log_mel"] + 1,),
    usual=129,
    needs=("log_mel",),
    real=_real,
    tables=_tables,
    sources=("ser_exponential.h",),
    counted=False,
)
