"""Entropy of the mel bands' parts of the power, in bits, as openSMILE's `spectralEntropy` of a mel spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.logarithm import log_table


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    power = heard["mel_power"][:, :-1]
    parts = power / power.sum(axis=1, keepdims=True)
    entropy: NDArray[np.float64] = -(parts * np.log2(parts)).sum(axis=1, keepdims=True)
    return entropy


KIND = Kind(
    name="spectral_entropy",
    unit="bits",
    step=2.0**-10,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("log_mel", "mel_power"),
    real=_real,
    tables=lambda framing, sizes: ([log_table()], {}),
    sources=("ser_quotient.h",),
    parity=Parity(
        f"frames with a cell within {LOUD_DB:g} dB", (0.002, 0.005, 0.01), of_loud_frames("spectral_entropy")
    ),
)
