"""Flux: mean absolute change, in dB, of 26 groups of log-mel from the frame before; 0 in the first frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_auditory import GROUPS
from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, LOUD_DB, of_loud_frames
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    groups = heard["log_auditory"]
    changes = np.diff(groups, axis=0, prepend=groups[:1])
    flux: NDArray[np.float64] = np.abs(changes).mean(axis=1, keepdims=True)
    return flux


KIND = Kind(
    name="flux",
    unit="dB",
    step=DB_PER_OCTAVE / 16 / GROUPS,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("log_auditory",),
    real=_real,
    state="struct ser_flux_state",
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.005, 0.04, 0.15), of_loud_frames("flux")),
)
