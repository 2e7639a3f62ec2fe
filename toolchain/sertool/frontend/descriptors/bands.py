"""How the power is shared out between ranges of frequencies, in dB, from the mel bands whose centres lie there.

In this order, ranges as in eGeMAPS and ComParE (Eyben et al., 2016): alpha ratio, the power of 1 to 5 kHz to
that of 50 to 1000 Hz; Hammarberg index, the strongest band up to 2 kHz to that of 2 to 5 kHz, densities;
and, as `level` has the whole's, the powers of 250 to 650 Hz and of 1 to 4 kHz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE, FLOOR_DB, LOUD_DB, of_loud_frames
from sertool.frontend.descriptors.mel_power import bands_between
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Parity, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.spectrum import hann
from sertool.frontend.tables import Rendered, table

#: Power of a range, as a part of the largest band's, that none counts as.
_LEAST = 2.0**-30
_RANGES_HZ = ((50, 1000), (1000, 5000), (250, 650), (1000, 4000), (0, 2000), (2000, 5000))


def _ranges(framing: Framing, sizes: Sizes) -> list[tuple[int, int]]:
    return [bands_between(framing, sizes, low, high) for low, high in _RANGES_HZ]


def _level(framing: Framing) -> float:
    """dB from a sum of powers, each bin's conjugate left out, to the mean under the window."""
    energy = framing.frame_length * float((hann(framing.frame_length) ** 2).sum())
    return float(10 * np.log10(2 / energy))


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    tables = [table("ser_bands_ranges", "uint16_t", _ranges(framing, sizes)), log_table()]
    return tables, {"BANDS_LEVEL": round(_level(framing) / DB_PER_OCTAVE * 1024)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    log_mel = np.maximum(heard["log_mel"], FLOOR_DB)
    power, largest = heard["mel_power"][:, :-1], heard["mel_power"][:, -1]
    ranges = _ranges(framing, sizes)
    below_1k, to_5k, to_650, to_4k = (
        10 * np.log10(np.maximum(power[:, first:after].sum(axis=1), _LEAST)) for first, after in ranges[:4]
    )
    below_2k, from_2k = (log_mel[:, first:after].max(axis=1) for first, after in ranges[4:])
    level = largest + _level(framing)
    bands = np.stack([to_5k - below_1k, below_2k - from_2k, to_650 + level, to_4k + level], axis=1)
    clipped: NDArray[np.float64] = np.clip(bands, FLOOR_DB, -FLOOR_DB)
    return clipped


KIND = Kind(
    name="bands",
    unit="dB",
    step=DB_PER_OCTAVE / 1024,
    bits=15,
    sizes=lambda framing, sizes: (4,),
    usual=4,
    needs=("log_mel", "mel_power"),
    real=_real,
    tables=_tables,
    labels=("alpha_ratio", "hammarberg", "250-650", "1000-4000"),
    parity=Parity(f"frames with a cell within {LOUD_DB:g} dB", (0.003, 0.06, 0.6), of_loud_frames("bands")),
)
