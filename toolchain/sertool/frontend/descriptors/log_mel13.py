"""Every third of the 40 merged mel bands, from the second on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, LOUD_DB, loud
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cells = loud(theirs["log_mel13"])
    return ours["log_mel13"][cells], theirs["log_mel13"][cells]


KIND = Kind(
    name="log_mel13",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=lambda framing, sizes: (13,),
    usual=13,
    needs=("log_mel40",),
    real=lambda framing, sizes, heard: heard["log_mel40"][:, 1::3],
    labels=tuple(map(str, range(1, 40, 3))),
    parity=Parity(f"cells within {LOUD_DB:g} dB of the clip's loudest", (0.002, 0.02, 0.2), _pairs),
)
