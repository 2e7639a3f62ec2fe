"""Centroid: mean frequency of the power in the mel bands, as `librosa.feature.spectral_centroid(S=powers)`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.descriptors.mel_power import centres
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    power = heard["mel_power"][:, :-1]
    centroid: NDArray[np.float64] = power @ centres(framing, sizes) / power.sum(axis=1)
    return centroid[:, None]


KIND = Kind(
    name="centroid",
    unit="Hz",
    step=1.0,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("mel_power",),
    real=_real,
    sources=("ser_quotient.h",),
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.5, 1.5, 3.0), of_loud_frames("centroid")),
)
