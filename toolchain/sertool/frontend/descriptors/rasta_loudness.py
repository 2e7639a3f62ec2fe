"""RASTA loudness: that of the groups after a filter that passes what changes as speech does.

Hermansky and Morgan (1994), as openSMILE's `audspecRasta_lengthL1norm`: the logarithms go through
0.1 (2 + z^-1 - z^-3 - 2 z^-4) / (1 - 0.94 z^-1), from a past that was like the first frame. So for frames 16 ms
apart; at other distances the pole keeps the time in which it forgets. What comes out is cut at 10 nepers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.auditory import EXPONENT, weights_table
from sertool.frontend.descriptors.log_auditory import equal_loudness, group_centres
from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.exponential import exponential_table
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered

_MOST_NEPERS = 10.0


def _pole(framing: Framing) -> float:
    return float(0.94 ** (framing.hop_length / framing.sample_rate / 0.016))


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    tables = [weights_table(framing, sizes), exponential_table()]
    return tables, {"RASTA_LOUDNESS_LEAK": round((1 - _pole(framing)) * 2**15)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    nepers = heard["log_auditory"] * np.log(10) / 10
    past = np.concatenate([np.repeat(nepers[:1], 4, axis=0), nepers])
    changes = 0.1 * (2 * past[4:] + past[3:-1] - past[1:-3] - 2 * past[:-4])
    filtered, pole = np.zeros_like(changes), _pole(framing)
    last = np.zeros(changes.shape[1])
    for frame, change in enumerate(changes):
        last = filtered[frame] = change + pole * last
    loudness = np.exp(EXPONENT * np.clip(filtered, -_MOST_NEPERS, _MOST_NEPERS))
    weights = equal_loudness(group_centres(framing, sizes)) ** EXPONENT
    weighted: NDArray[np.float64] = (loudness * weights).sum(axis=1, keepdims=True)
    return weighted


KIND = Kind(
    name="rasta_loudness",
    unit="loudness",
    step=2.0**-5,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("log_auditory",),
    real=_real,
    tables=_tables,
    state="struct ser_rasta_loudness_state",
    sources=("descriptors/ser_auditory_weights.h", "ser_exponential.h"),
    parity=Parity(
        f"frames with a cell within {LOUD_DB:g} dB", (0.02, 0.2, 0.5), of_loud_frames("rasta_loudness")
    ),
)
