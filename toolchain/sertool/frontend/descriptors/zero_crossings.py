"""Zero crossings in a frame, as `librosa.zero_crossings(frame, pad=False).sum()`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    negative = heard["pcm"] < 0
    crossings = negative[:, 1:] != negative[:, :-1]
    counts: NDArray[np.float64] = crossings.sum(axis=1, keepdims=True).astype(np.float64)
    return counts


KIND = Kind(
    name="zero_crossings",
    unit="crossings",
    step=1.0,
    bits=11,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("pcm",),
    real=_real,
    parity=Parity(
        "all frames",
        (0.5, 0.5, 0.5),
        lambda framing, ours, theirs: (ours["zero_crossings"], theirs["zero_crossings"]),
    ),
)
