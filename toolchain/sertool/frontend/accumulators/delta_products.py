"""The sum of the product of a value's delta with what it was a lag before."""

from sertool.frontend.accumulators.delta import LARGEST
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="delta_products",
    element="int64_t",
    bits=lambda value: (LARGEST**2 * MAX_FRAMES).bit_length(),
    holds=63,
    needs=("delta", "past_deltas"),
)
