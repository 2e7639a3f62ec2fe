"""Cepstral coefficients 1, 2, ... of the 40 merged mel bands; the mean is not among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE
from sertool.frontend.descriptors.log_mel40 import BANDS
from sertool.frontend.descriptors.mfcc import dct_matrix, folded_rows
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered, table

#: Both sides are compared with their log-mel floored here, in dB.
_FLOOR_DB = -60.0


def _rows(sizes: Sizes) -> NDArray[np.float64]:
    return dct_matrix(sizes["mfcc40"] + 1, BANDS)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    values, bits = folded_rows(_rows(sizes) * DB_PER_OCTAVE, 1, 32767)
    return [table("ser_mfcc40_rows", "int16_t", values)], {"MFCC40_BITS": bits}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    return heard["log_mel40"] @ _rows(sizes)[1:].T


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    transform = dct_matrix(ours["mfcc40"].shape[1] + 1, BANDS)[1:].T
    raised = np.maximum(ours["log_mel40"], _FLOOR_DB) - ours["log_mel40"]
    return ours["mfcc40"] + raised @ transform, np.maximum(theirs["log_mel40"], _FLOOR_DB) @ transform


KIND = Kind(
    name="mfcc40",
    unit="dB",
    step=1 / 32,
    bits=15,
    sizes=lambda framing, sizes: range(1, BANDS),
    usual=13,
    needs=("log_mel40",),
    real=_real,
    tables=_tables,
    sources=("ser_projection.h",),
    labels=tuple(map(str, range(1, BANDS))),
    parity=Parity(f"both sides floored at {_FLOOR_DB:g} dB", (0.02, 0.15, 1.0), _pairs),
)
