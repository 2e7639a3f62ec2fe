"""Gate: which frames are loud enough to count, by a floor and a peak of the level that drift.

The floor is the least level so far, but rises 3 dB a second; the peak is the greatest, and falls as fast. A
frame is active that is more than 6 dB above the floor and less than 35 dB below the peak; with it, frames count
for 256 ms. The second value is speech without the hang-over, less than 30 dB below the peak: where it ends, a
pause begins.

A specification that names this kind counts only the frames that it lets through.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE
from sertool.frontend.framing import Framing
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.tables import Rendered

_DB_A_SECOND = 3.0
_FIRST_FLOOR_DB, _ABOVE_FLOOR_DB, _BELOW_PEAK_DB, _SPEECH_BELOW_PEAK_DB = -55.0, 6.0, 35.0, 30.0
_HANG_SECONDS = 0.256


def _drift_db(framing: Framing) -> float:
    return _DB_A_SECOND * framing.hop_length / framing.sample_rate


def hang(framing: Framing) -> int:
    """Frames that count from an active one on, itself included."""
    return max(1, round(_HANG_SECONDS * framing.sample_rate / framing.hop_length))


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    levels = {
        "GATE_DRIFT": _drift_db(framing),
        "GATE_FIRST_FLOOR": _FIRST_FLOOR_DB,
        "GATE_ABOVE_FLOOR": _ABOVE_FLOOR_DB,
        "GATE_BELOW_PEAK": _BELOW_PEAK_DB,
        "GATE_SPEECH_BELOW_PEAK": _SPEECH_BELOW_PEAK_DB,
    }
    q18: dict[str, int | str] = {name: round(db / DB_PER_OCTAVE * 2**18) for name, db in levels.items()}
    return [], {**q18, "GATE_HANG": hang(framing)}


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    levels, drift = heard["level"][:, 0], _drift_db(framing)
    found = np.zeros((len(levels), 2))
    floor, peak, hanging = _FIRST_FLOOR_DB, levels[0], 0
    for frame, level in enumerate(levels):
        floor, peak = min(level, floor + drift), max(level, peak - drift)
        risen = level > floor + _ABOVE_FLOOR_DB
        if risen and level > peak - _BELOW_PEAK_DB:
            hanging = hang(framing)
        found[frame] = hanging > 0, risen and level > peak - _SPEECH_BELOW_PEAK_DB
        hanging = max(hanging - 1, 0)
    return found


KIND = Kind(
    name="gate",
    unit="whether",
    step=1,
    bits=1,
    sizes=lambda framing, sizes: (2,),
    usual=2,
    needs=("level",),
    real=_real,
    tables=_tables,
    state="struct ser_gate_state",
    counted=False,
    gates=True,
)
