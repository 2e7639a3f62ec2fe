"""Level: mean power of the frame under its window, in dB of full scale: 0 for a constant, -3 for a sine.

What `librosa.feature.rms` of the windowed samples has, divided by what the window takes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.spectrum import fft_gain, first_radix, hann
from sertool.frontend.tables import Rendered


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    """From the sum over all bins and their conjugates to the mean under the window."""
    energy = framing.frame_length * float((hann(framing.frame_length) ** 2).sum())
    gain = fft_gain(first_radix(framing.frame_length)) / 2**15
    return [log_table()], {"LEVEL_BASE": round(-np.log2(energy * gain**2) * 2**16)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    window = hann(framing.frame_length)
    power = ((heard["pcm"] * window) ** 2).sum(axis=1, keepdims=True) / (window**2).sum()
    level: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(power, 1e-300)), FLOOR_DB)
    return level


KIND = Kind(
    name="level",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("power", "gain"),
    real=_real,
    tables=_tables,
    parity=Parity(
        "all frames", (0.002, 0.003, 0.005), lambda framing, ours, theirs: (ours["level"], theirs["level"])
    ),
)
