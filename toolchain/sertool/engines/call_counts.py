"""Instructions of each function of `sertool.h` on an emulated core."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM

#: Bytes for a `ser_result`, of any number of classes up to 256 and more.
_RESULT = 4096


def why_not(cpu: str) -> str | None:
    """Say why instructions of `cpu` cannot be counted here; None when they can."""
    if cpu not in EMULATED:
        return f"there is no emulator of a {cpu}"
    if importlib.util.find_spec("unicorn") is None:
        return "the package unicorn was not there"
    return None


def count_calls(elf: Path, cpu: str, pcm: NDArray[np.int16], hop: int, features: int) -> dict[str, int]:
    """Count what each call executes at most, while the library in `elf` hears and classifies `pcm`.

    `pcm` is int16 (samples,). `ser_push` gets `hop` samples at a time; `ser_run` the model's own input
    again, without a trace.
    """
    with CortexM(elf, cpu) as core:
        sound, result = core.buffer(2 * hop), core.buffer(_RESULT)
        counts: dict[str, int] = {}

        def call(name: str, *arguments: int) -> int:
            returned = core.call(name, *arguments)
            counts[name] = max(counts.get(name, 0), core.instructions)
            return returned

        call("ser_init")
        for start in range(0, len(pcm), hop):
            piece = pcm[start : start + hop]
            core.write(sound, piece)
            call("ser_push", sound, len(piece))
        call("ser_classify", result)
        call("ser_features")
        given = core.buffer(core.read(call("ser_input"), np.int8, features))
        call("ser_run", given, 0, 0, result)
        call("ser_heard")
        call("ser_enroll")
        # What was classified counts now.
        call("ser_init")
        call("ser_disregard")
        call("ser_forget")
    return counts
