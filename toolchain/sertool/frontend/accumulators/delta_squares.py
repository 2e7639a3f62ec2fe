"""The sum of the square of a value's delta."""

from sertool.frontend.accumulators.delta import LARGEST
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="delta_squares",
    element="int64_t",
    bits=lambda value: (LARGEST**2 * MAX_FRAMES).bit_length(),
    holds=63,
    needs=("delta",),
)
