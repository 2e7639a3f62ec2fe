"""What a functional, and an accumulator that functionals share, say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing


@dataclass(frozen=True, eq=False)
class Accumulator:
    """What is kept of each value over an utterance: one C `element`, which begins as zero bytes.

    `ser_count_<name>()` in `accumulators/<name>.c` takes a frame's values. Of values below 2^v in magnitude the
    largest number that it keeps stays below 2^`bits(v)`, and there is room for `holds` bits.
    """

    name: str
    element: str
    bits: Callable[[int], int]
    holds: int
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Functional:
    """One number for an utterance's values: `ser_<name>()` in `functionals/<name>.c`.

    It `needs` accumulators, in the order of the C function's arguments. `step` gives the real units in one step
    of the feature from those in one step of the values. `truth` takes int64 (frames, values), at least one
    frame, and gives int64 (values,), exactly what the C gives.
    """

    name: str
    needs: tuple[str, ...]
    step: Callable[[Framing, float], float]
    truth: Callable[[Framing, NDArray[np.int64]], NDArray[np.int64]]
    sources: tuple[str, ...] = ()
