"""How far the spectrum's peaks below 2 kHz stand out of its valleys, in dB."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.tables import Rendered

_TOP_HZ = 2000


def _end(framing: Framing) -> int:
    return math.ceil(_TOP_HZ * framing.frame_length / framing.sample_rate)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    return [log_table()], {"HARMONICITY_END": _end(framing)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    decibels = 10 * np.log10(np.maximum(heard["power"][:, : _end(framing) + 2], 1e-300))
    bins = slice(2, _end(framing))
    at, left, right = (decibels[:, bins.start + by : bins.stop + by] for by in (0, -1, 1))
    valley = np.minimum(decibels[:, : bins.stop - 2], decibels[:, bins.start + 2 : bins.stop + 2])
    peaks = (at > left) & (at > right)
    heights: NDArray[np.float64] = ((at - valley) * peaks).sum(axis=1, keepdims=True)
    mean: NDArray[np.float64] = heights / (peaks.sum(axis=1, keepdims=True) + 1)
    return mean


KIND = Kind(
    name="harmonicity",
    unit="dB",
    step=DB_PER_OCTAVE / 256,
    bits=14,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("power",),
    real=_real,
    tables=_tables,
    parity=Parity(
        "all frames",
        (0.03, 1.2, 4.5),
        lambda framing, ours, theirs: (ours["harmonicity"], theirs["harmonicity"]),
    ),
)
