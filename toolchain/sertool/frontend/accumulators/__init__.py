"""What functionals share over the frames of an utterance; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.accumulators import (
    borders,
    delta,
    delta_cubes,
    delta_products,
    delta_squares,
    delta_sums,
    past_deltas,
    phrase,
    previous,
    ramps,
    recent,
    squares,
    steps,
    sums,
    weighted,
    weights,
)
from sertool.frontend.functional import Accumulator

#: In the order in which a frame is counted: each after what it reads of this frame, before what of the last.
ACCUMULATORS: Mapping[str, Accumulator] = {
    "delta": delta.ACCUMULATOR,
    "sums": sums.ACCUMULATOR,
    "squares": squares.ACCUMULATOR,
    "steps": steps.ACCUMULATOR,
    "ramps": ramps.ACCUMULATOR,
    "weights": weights.ACCUMULATOR,
    "weighted": weighted.ACCUMULATOR,
    "delta_sums": delta_sums.ACCUMULATOR,
    "delta_squares": delta_squares.ACCUMULATOR,
    "delta_cubes": delta_cubes.ACCUMULATOR,
    "delta_products": delta_products.ACCUMULATOR,
    "borders": borders.ACCUMULATOR,
    "phrase": phrase.ACCUMULATOR,
    "past_deltas": past_deltas.ACCUMULATOR,
    "recent": recent.ACCUMULATOR,
    "previous": previous.ACCUMULATOR,
}
