"""The sum of the square of a value's step from the frame before, narrow."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import NARROW_BITS, Accumulator

ACCUMULATOR = Accumulator(
    name="steps",
    element="int64_t",
    bits=lambda value: 2 * min(value, NARROW_BITS) + 2 + MAX_FRAMES.bit_length(),
    holds=63,
    needs=("values", "previous", "shift"),
)
