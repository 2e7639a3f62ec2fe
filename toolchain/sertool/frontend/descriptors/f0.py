"""Fundamental frequency of the voice, in semitones above A0 (27.5 Hz), 0 where there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.pitch import lag_rate
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import Rendered

_A0_HZ = 27.5


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    return [], {"F0_ONE_LAG": round(np.log2(lag_rate(framing) / _A0_HZ) * 2**15)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    periods = heard["pitch"][:, :1]
    return np.where(periods > 0, 12 * (np.log2(lag_rate(framing) / _A0_HZ) - periods), 0)


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
    parity=Parity(
        "all frames; one between two equal maxima may fall either way",
        (0.02, 0.02, 64.0),
        lambda framing, ours, theirs: (ours["f0"], theirs["f0"]),
    ),
)
