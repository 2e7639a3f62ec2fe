"""The sum of a value's square over the frames."""

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import Accumulator

#: Bits of values that `ser_square_value()` takes.
_VALUE_BITS = 19


def _bits(value: int) -> int:
    return 2 * value + MAX_FRAMES.bit_length()


ACCUMULATOR = Accumulator(name="squares", element="int64_t", bits=_bits, holds=_bits(_VALUE_BITS))
