"""Fundamental frequency of the voice, in semitones above A0 (27.5 Hz), 0 where there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.pitch import lag_rate, voiced
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered

_A0_HZ = 27.5


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    return [], {"F0_ONE_LAG": round(np.log2(lag_rate(framing) / _A0_HZ) * 2**15)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    periods = heard["pitch"][:, :1]
    return np.where(periods > 0, 12 * (np.log2(lag_rate(framing) / _A0_HZ) - periods), 0)


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    both = voiced(ours, theirs)
    return ours["f0"][both], theirs["f0"][both]


KIND = Kind(
    name="f0",
    unit="semitones",
    step=1 / 64,
    bits=12,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("pitch",),
    real=_real,
    tables=_tables,
    voices=True,
    parity=Parity("frames voiced on both sides, of two equal maxima either", (0.01, 0.015, 40.0), _pairs),
)
