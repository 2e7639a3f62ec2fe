"""What is kept of the voice, its segments, pauses and syllables: F0's sums and histogram, lengths, counts."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

#: F0 has to be below 2^13, as its step and the cubes demand.
F0_BITS = 13

ACCUMULATOR = Accumulator(
    name="phrase",
    element="struct ser_phrase",
    bits=lambda value: 3 * F0_BITS + MAX_FRAMES.bit_length(),
    holds=63,
    needs=("f0", "level", "loudness", "gate", "frames"),
    once=True,
)
