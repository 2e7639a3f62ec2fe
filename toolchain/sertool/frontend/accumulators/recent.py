"""A value as it was two, three and four frames before, narrow."""

from sertool.frontend.functional import NARROW_BITS, Accumulator

ACCUMULATOR = Accumulator(
    name="recent",
    element="struct ser_recent",
    bits=lambda value: min(value, NARROW_BITS) + 1,
    holds=15,
    needs=("previous",),
    when="after",
)
