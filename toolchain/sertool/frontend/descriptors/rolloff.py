"""Roll-off: the mel band up to which 25, 50, 75 and 90 % of the power lie, in Hz of its centre.

As `librosa.feature.spectral_rolloff(S=powers, roll_percent=...)`: the first band at which the part is reached.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.descriptors.mel_power import centres
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes

_PARTS = (0.25, 0.5, 0.75, 0.9)


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    parts = np.cumsum(heard["mel_power"][:, :-1], axis=1)
    bands = [(parts < part * parts[:, -1:]).sum(axis=1) for part in _PARTS]
    hertz: NDArray[np.float64] = centres(framing, sizes)[np.stack(bands, axis=1)]
    return hertz


KIND = Kind(
    name="rolloff",
    unit="Hz",
    step=1.0,
    bits=15,
    sizes=lambda framing, sizes: (len(_PARTS),),
    usual=len(_PARTS),
    needs=("mel_power",),
    real=_real,
    labels=("25", "50", "75", "90"),
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.5, 200.0, 700.0), of_loud_frames("rolloff")),
)
