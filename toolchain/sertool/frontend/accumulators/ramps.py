"""The sum of a value's sums so far, in which earlier frames have more weight."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="ramps",
    element="int64_t",
    bits=lambda value: value + 2 * MAX_FRAMES.bit_length(),
    holds=63,
    needs=("sums",),
)
