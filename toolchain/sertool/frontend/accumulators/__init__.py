"""What functionals share over the frames of an utterance; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.accumulators import squares, sums
from sertool.frontend.functional import Accumulator

#: In the order in which a frame is counted.
ACCUMULATORS: Mapping[str, Accumulator] = {
    "sums": sums.ACCUMULATOR,
    "squares": squares.ACCUMULATOR,
}
