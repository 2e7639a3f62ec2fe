"""Sums of all pairs of codes, where both sides, one of them or neither counts, and where the sum saturates."""

from __future__ import annotations

import numpy as np

from operators.case import Case, Make
from sertool.graph import TERNARY, FullyConnected, Rounding, TensorScale, fully_connected, network
from sertool.graph.operators import Add

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


def _copy(name: str, place: int, q: TensorScale) -> FullyConnected:
    """A layer that gives two of the four inputs, code by code, as quantized by `q`."""
    source = TensorScale(2.0**-5, 0)
    codes = np.eye(4, dtype=int)[place : place + 2]
    scales, bias = [q.scale / source.scale] * 2, [-q.zero_point * q.scale] * 2
    return fully_connected(name, "input", codes, scales, bias, source, q, False, TERNARY)


def _case(scales: tuple[Q, Q, Q], relu: bool, twice: bool = False) -> Make:
    def make(rounding: Rounding) -> Case:
        left, right, output = (TensorScale(*q) for q in scales)
        low = output.zero_point if relu else -128
        sides = ("left", "left") if twice else ("left", "right")
        add = Add("sum", *sides, (2,), left, left if twice else right, output, low)
        graph = network([_copy("left", 0, left), _copy("right", 2, right), add], (), rounding)
        one, other = (side.ravel() for side in np.meshgrid(np.arange(-128, 128), np.arange(-128, 128)))
        return Case(graph, np.stack([one, one[::-1], other, other], axis=1).astype(np.int8))

    return make


CASES: dict[str, Make] = {
    **{name: _case(scales, relu=False) for name, scales in SCALES.items()},
    "relu": _case(SCALES["near"], relu=True),
    "one tensor twice": _case(SCALES["near"], relu=False, twice=True),
}
