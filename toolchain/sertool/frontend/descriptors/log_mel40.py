"""The mel bands merged into 40 triangles of HTK's scale, 50 Hz to 7.6 kHz (or 95 % of half the sample rate)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_auditory import htk_mel
from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB
from sertool.frontend.descriptors.mel_power import band_gains, centres, in_decibels
from sertool.frontend.exponential import exponential_table
from sertool.frontend.framing import Framing, refusal
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.tables import Rendered, rounded, table

BANDS = 40
_LOWEST_HZ, _HIGHEST_HZ = 50.0, 7600.0


def _positions(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    """Where each mel band's centre lies among the corners of the 40 triangles, 0 ... 41."""
    low = float(htk_mel(_LOWEST_HZ))
    high = float(htk_mel(min(_HIGHEST_HZ, 0.95 * framing.sample_rate / 2)))
    positions: NDArray[np.float64] = (htk_mel(centres(framing, sizes)) - low) / (high - low) * (BANDS + 1)
    return positions


def _triangles(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    """Weight of each mel band in each merged one, (40, bands): in HTK mel, triangles whose peak is one."""
    distances = np.abs(_positions(framing, sizes) - np.arange(1, BANDS + 1)[:, None])
    triangles: NDArray[np.float64] = np.maximum(0.0, 1 - distances)
    return triangles


def _sizes(framing: Framing, sizes: Sizes) -> tuple[int, ...]:
    if not _triangles(framing, sizes).any(axis=1).all():
        raise refusal(
            "the size of log_mel", sizes["log_mel"], f"so many bands that {BANDS} can be merged from them"
        )
    return (BANDS,)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    positions = _positions(framing, sizes)
    used = (positions >= 0) & (positions < BANDS + 1)
    segments = np.floor(positions[used]).astype(np.int64)
    lengths = [int((positions < 0).sum()), *np.bincount(segments, minlength=BANDS + 1)]
    assert max(lengths[1:]) < 16, "sums of 15-bit powers and their weights fit 31 bits"
    tables = [
        table("ser_log_mel40_lengths", "uint8_t", lengths),
        table("ser_log_mel40_weights", "uint16_t", rounded((positions[used] - segments) * 2**12)),
        log_table(),
        exponential_table(),
    ]
    return tables, {"LOG_MEL40_BASE": round(-band_gains(framing, sizes).min() * 1024)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    powers = 10 ** (in_decibels(framing, sizes, heard) / 10) @ _triangles(framing, sizes).T
    merged: NDArray[np.float64] = np.maximum(10 * np.log10(powers), FLOOR_DB)
    return merged


KIND = Kind(
    name="log_mel40",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=_sizes,
    usual=BANDS,
    needs=("log_mel",),
    real=_real,
    tables=_tables,
    sources=("ser_exponential.h",),
    counted=False,
)
