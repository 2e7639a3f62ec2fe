"""The sum of the cube of a value's delta."""

from sertool.frontend.accumulators.delta import LARGEST
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

ACCUMULATOR = Accumulator(
    name="delta_cubes",
    element="int64_t",
    bits=lambda value: (LARGEST**3 * MAX_FRAMES).bit_length(),
    holds=63,
    needs=("delta",),
)
