"""The log-mel bands in 26 groups, equal in HTK's mel, as many as openSMILE's auditory spectrum has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB
from sertool.frontend.descriptors.mel_power import centres
from sertool.frontend.framing import Framing, refusal
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.tables import Rendered, rounded, table

GROUPS = 26
_TOP_HZ = 8000.0


def htk_mel(frequencies: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Mel of HTK: 1127 ln(1 + f / 700 Hz)."""
    return np.asarray(1127 * np.log1p(np.asarray(frequencies, np.float64) / 700))


def group_of(framing: Framing, sizes: Sizes) -> NDArray[np.int64]:
    """Group of each band from 0 Hz on that has one, up to 8 kHz or half the sample rate."""
    top = htk_mel(min(_TOP_HZ, framing.sample_rate / 2))
    groups = np.floor(htk_mel(centres(framing, sizes)) / top * GROUPS).astype(np.int64)
    inside: NDArray[np.int64] = groups[groups < GROUPS]
    return inside


def group_centres(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    """Mean of the centres of each group's bands, in Hz, (groups,)."""
    groups = group_of(framing, sizes)
    return np.bincount(groups, centres(framing, sizes)[: len(groups)]) / np.bincount(groups)


def equal_loudness(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of power at frequencies in Hz, as HTK and openSMILE have them (`equalLoudnessWeight_htk`)."""
    squares = frequencies**2
    weights: NDArray[np.float64] = (squares / (squares + 1.6e5)) ** 2 * (squares + 1.44e6) / (squares + 9.61e6)
    return weights


def _sizes(framing: Framing, sizes: Sizes) -> tuple[int, ...]:
    if len(np.unique(group_of(framing, sizes))) < GROUPS:
        raise refusal(
            "the size of log_mel",
            sizes["log_mel"],
            f"so many bands that each of {GROUPS} groups of them has one",
        )
    return (GROUPS,)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    lengths = np.bincount(group_of(framing, sizes))
    tables = [
        table("ser_log_auditory_lengths", "uint8_t", lengths),
        table("ser_log_auditory_parts", "int32_t", rounded(2**30 / lengths)),
    ]
    return tables, {}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    groups = group_of(framing, sizes)
    members = np.eye(GROUPS)[groups]
    log_mel = np.maximum(heard["log_mel"][:, : len(groups)], FLOOR_DB)
    means: NDArray[np.float64] = log_mel @ (members / members.sum(axis=0))
    return means


KIND = Kind(
    name="log_auditory",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=_sizes,
    usual=GROUPS,
    needs=("log_mel",),
    real=_real,
    tables=_tables,
    counted=False,
)
