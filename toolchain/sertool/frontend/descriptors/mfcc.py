"""Mel-frequency cepstral coefficients: the orthonormal DCT-II of the log-mel bands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, loudest
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered, rounded, table

#: Both sides are compared with their log-mel floored here, in dB.
FLOOR_DB = -80.0

#: Products that the C sums in 32 bits before it cuts the sum.
_CHUNK = 32


def dct_matrix(rows: int, columns: int) -> NDArray[np.float64]:
    """First rows of the orthonormal DCT-II of `columns` values."""
    k, j = np.arange(rows)[:, None], np.arange(columns)[None]
    matrix: NDArray[np.float64] = np.sqrt(2 / columns) * np.cos(np.pi * k * (2 * j + 1) / (2 * columns))
    matrix[0] = np.sqrt(1 / columns)
    return matrix


def folded_rows(rows: NDArray[np.float64], folds: int, largest: float) -> tuple[NDArray[np.int64], int]:
    """Rows 1, 2, ... of a DCT (rows, bands) as `ser_project()` takes them, and their fractional bits.

    No value that is folded is above `largest`, so that the sums in C fit 32 bits.
    """
    bands = rows.shape[1]
    parts = [rows[2**fold :: 2 ** (fold + 1), : bands >> (fold + 1)] for fold in range(folds)]
    parts.append(rows[2**folds :: 2**folds, : bands >> folds])
    chunks = [
        np.abs(part[:, at : at + _CHUNK]).sum(axis=1)
        for part in parts
        for at in range(0, part.shape[1], _CHUNK)
    ]
    bits = min(13, int(np.log2((2**31 - 1) / (np.concatenate(chunks).max() * largest))))
    return np.concatenate([rounded(part * 2**bits).ravel() for part in parts]), bits


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    """Rows of the DCT in dB a log2 step, folded; see mfcc.c."""
    bands = sizes["log_mel"]
    folds = min(3, (bands & -bands).bit_length() - 3)
    # What is folded is at most half of the range from silence to the loudest.
    largest = (loudest(framing, bands) + 32767) / 2
    values, bits = folded_rows(dct_matrix(sizes["mfcc"], bands) * DB_PER_OCTAVE, folds, largest)
    constants: dict[str, int | str] = {
        "MFCC_BITS": bits,
        "MFCC_FOLDS": folds,
        "MFCC_MEAN": round(DB_PER_OCTAVE / np.sqrt(bands) / 4 * 2**32),
    }
    return [table("ser_mfcc_rows", "int16_t", values)], constants


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    return heard["log_mel"] @ dct_matrix(sizes["mfcc"], sizes["log_mel"]).T


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # The chip's MFCC have no such floor: what it would change in them is added by the exact transform.
    transform = dct_matrix(ours["mfcc"].shape[1], ours["log_mel"].shape[1]).T
    raised = np.maximum(ours["log_mel"], FLOOR_DB) - ours["log_mel"]
    return ours["mfcc"] + raised @ transform, np.maximum(theirs["log_mel"], FLOOR_DB) @ transform


KIND = Kind(
    name="mfcc",
    unit="dB",
    step=1 / 256,
    bits=19,
    sizes=lambda framing, sizes: range(2, sizes["log_mel"] + 1),
    usual=40,
    needs=("log_mel",),
    real=_real,
    tables=_tables,
    sources=("ser_projection.h",),
    parity=Parity(f"both sides floored at {FLOOR_DB:g} dBFS", (0.01, 0.15, 0.5), _pairs),
)
