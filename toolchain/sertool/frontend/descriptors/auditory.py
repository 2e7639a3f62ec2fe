"""The auditory spectrum: equal loudness and the power law (Hermansky, 1990), openSMILE's `audspec`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_auditory import GROUPS, equal_loudness, group_centres
from sertool.frontend.exponential import exponential_table
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.tables import Table, rounded, table

#: Loudness of a power is that to this.
EXPONENT = 0.33
_BITS = 20


def weights_table(framing: Framing, sizes: Sizes) -> Table:
    """log2 of equal loudness to the exponent, and of the unit, Q10."""
    weights = EXPONENT * np.log2(equal_loudness(group_centres(framing, sizes)))
    return table("ser_auditory_weights", "int16_t", rounded((weights + _BITS) * 1024))


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    weights = equal_loudness(group_centres(framing, sizes))
    loudness: NDArray[np.float64] = (weights * 10 ** (heard["log_auditory"] / 10)) ** EXPONENT
    return loudness


KIND = Kind(
    name="auditory",
    unit="loudness",
    step=2.0**-_BITS,
    bits=28,
    sizes=lambda framing, sizes: (GROUPS,),
    usual=GROUPS,
    needs=("log_auditory",),
    real=_real,
    tables=lambda framing, sizes: ([weights_table(framing, sizes), exponential_table()], {}),
    sources=("descriptors/ser_auditory_weights.h", "ser_exponential.h"),
    counted=False,
)
