"""A value's deltas in the frames before, as many as a lag of 64 ms takes, four at most."""

from collections.abc import Mapping

from sertool.frontend.framing import Framing
from sertool.frontend.functional import NARROW_BITS, Accumulator


def delta_lag(framing: Framing) -> int:
    """Frames in 64 ms, from 1 to 4."""
    return min(max(round(0.064 * framing.sample_rate / framing.hop_length), 1), 4)


def _constants(framing: Framing) -> Mapping[str, int]:
    return {"DELTA_LAG": delta_lag(framing)}


ACCUMULATOR = Accumulator(
    name="past_deltas",
    element="struct ser_past_deltas",
    bits=lambda value: min(value, NARROW_BITS) + 3,
    holds=15,
    needs=("delta",),
    when="after",
    constants=_constants,
)
