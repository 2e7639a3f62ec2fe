"""The sums of a value and of its square, narrow, weighted by the frame's loudness."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import NARROW_BITS, Accumulator

ACCUMULATOR = Accumulator(
    name="weighted",
    element="struct ser_weighted",
    bits=lambda value: 15 + 2 * min(value, NARROW_BITS) + MAX_FRAMES.bit_length(),
    holds=63,
    needs=("values", "loudness", "shift"),
)
