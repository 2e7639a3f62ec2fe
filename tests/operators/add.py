"""Sums of all pairs of codes, where both sides, one of them or neither counts, and where the sum saturates."""

from __future__ import annotations

import numpy as np

from operator_cases import Case, Make
from sertool.graph import Rounding, TensorScale
from sertool.graph.build import graph_of
from sertool.graph.operators import Add
from sertool.graph.tensors import Tensor

Q = tuple[float, int]
#: Left, right, output.
SCALES: dict[str, tuple[Q, Q, Q]] = {
    "near": ((0.1, 3), (0.07, -5), (0.13, 10)),
    "equal": ((1.0, 0), (1.0, 0), (1.0, 0)),
    "halves": ((1.0, 0), (1.0, 0), (2.0, 0)),
    "halves away from zero": ((0.5, -7), (0.5, 9), (1.0, -1)),
    "fine output": ((0.1, -128), (0.1, 127), (6e-7, 0)),
    "finest output": ((0.1, 5), (0.1, -5), (float(np.nextafter(np.float32(0.2 / 2**20), np.float32(1))), 0)),
    "coarse output": ((1e-3, 0), (50.0, 1), (1e4, 0)),
    "right counts little": ((0.5, 127), (1e-3, -128), (0.5, -128)),
    "left counts nothing": ((1e-9, 0), (0.25, -20), (0.3, 20)),
}


#: All pairs of codes.
LEFT, RIGHT = (side.astype(np.int8)[np.newaxis] for side in np.mgrid[-128:128, -128:128])


def _case(scales: tuple[Q, Q, Q], relu: bool = False) -> Make:
    def make(rounding: Rounding) -> Case:
        left, right, output = (TensorScale(*q) for q in scales)
        low = output.zero_point if relu else -128
        add = Add("sum", "left", "right", LEFT.shape[1:], left, right, output, low)
        sides = [Tensor("left", add.shape, left), Tensor("right", add.shape, right)]
        return Case(graph_of(sides, [add], (), rounding), [LEFT, RIGHT])

    return make


def _twice(rounding: Rounding) -> Case:
    """One tensor of all dimensions on both sides."""
    q, output = TensorScale(0.1, 3), TensorScale(0.13, 10)
    add = Add("sum", "input", "input", (4, 8, 8), q, q, output)
    values = np.arange(-128, 128).astype(np.int8).reshape(1, 4, 8, 8)
    return Case(graph_of([Tensor("input", add.shape, q)], [add], (), rounding), [values])


CASES: dict[str, Make] = {
    **{name: _case(scales) for name, scales in SCALES.items()},
    "relu": _case(SCALES["near"], relu=True),
    "one tensor twice": _twice,
}
