"""A value as it was in the frame before, narrow."""

from sertool.frontend.functional import NARROW_BITS, Accumulator

ACCUMULATOR = Accumulator(
    name="previous",
    element="int16_t",
    bits=lambda value: min(value, NARROW_BITS) + 1,
    holds=15,
    needs=("values", "shift"),
    when="after",
)
