"""Sharpness: where the loudness lies on the ear's scale, in acum.

von Bismarck's, as Zwicker and Fastl (Psychoacoustics, 1999, 9.1) have it: 0.11 times the mean, by loudness, of
z g(z), with z in Bark (Traunmueller, 1990) and g(z) = 1 up to 16 Bark and 0.066 exp(0.171 z) above.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_auditory import group_centres
from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.tables import rounded, table


def _weights(framing: Framing, sizes: Sizes) -> NDArray[np.float64]:
    frequencies = group_centres(framing, sizes)
    bark = 26.81 * frequencies / (1960 + frequencies) - 0.53
    weights: NDArray[np.float64] = 0.11 * bark * np.where(bark > 16, 0.066 * np.exp(0.171 * bark), 1)
    return np.maximum(weights, 0)


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    loudness = heard["auditory"]
    weighted = (loudness * _weights(framing, sizes)).sum(axis=1, keepdims=True)
    sharpness: NDArray[np.float64] = weighted / loudness.sum(axis=1, keepdims=True)
    return sharpness


KIND = Kind(
    name="sharpness",
    unit="acum",
    step=2.0**-12,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("auditory",),
    real=_real,
    tables=lambda framing, sizes: (
        [table("ser_sharpness_weights", "uint16_t", rounded(_weights(framing, sizes) * 2**12))],
        {},
    ),
    sources=("ser_quotient.h",),
    parity=Parity(
        f"frames with a cell within {LOUD_DB:g} dB", (0.0002, 0.001, 0.002), of_loud_frames("sharpness")
    ),
)
