"""The sum of a value's square over the frames."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="squares", element="int64_t", bits=lambda value: 2 * value + MAX_FRAMES.bit_length(), holds=63
)
