"""The sum of the loudness, which weighs the frames."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="weights",
    element="uint32_t",
    bits=lambda value: 15 + MAX_FRAMES.bit_length(),
    holds=32,
    needs=("loudness",),
    once=True,
)
