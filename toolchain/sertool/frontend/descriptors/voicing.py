"""How periodic a frame is: the autocorrelation at the best period of the voice, voiced or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.pitch import voiced
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    return heard["pitch"][:, 1:]


def _pairs(framing: Framing, ours: Heard, theirs: Heard) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    both = voiced(ours, theirs)
    return ours["voicing"][both], theirs["voicing"][both]


KIND = Kind(
    name="voicing",
    unit="of one",
    step=1 / 32768,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("pitch",),
    real=_real,
    parity=Parity("frames voiced on both sides, of two equal maxima either", (0.0005, 0.0005, 1.0), _pairs),
)
