"""The sum of a value's delta."""

from sertool.frontend.accumulators.delta import LARGEST
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="delta_sums",
    element="int32_t",
    bits=lambda value: (LARGEST * MAX_FRAMES).bit_length(),
    holds=31,
    needs=("delta",),
)
