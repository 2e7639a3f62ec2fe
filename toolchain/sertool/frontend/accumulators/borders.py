"""A value in the first two and in the last two counted frames, narrow."""

from sertool.frontend.functional import NARROW_BITS, Accumulator

ACCUMULATOR = Accumulator(
    name="borders",
    element="struct ser_borders",
    bits=lambda value: min(value, NARROW_BITS) + 2,
    holds=15,
    needs=("values", "frames", "shift"),
)
