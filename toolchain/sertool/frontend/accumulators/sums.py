"""The sum of a value over the frames."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="sums", element="int64_t", bits=lambda value: value + MAX_FRAMES.bit_length(), holds=63
)
