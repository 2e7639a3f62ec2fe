"""Fully connected layers that strain the kernels: odd shapes, extreme codes, offsets, biases, shifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from networks import codes
from sertool.graph import FullyConnected, TensorScale, Width

WIDTHS = ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")
#: (outputs, inputs)
SHAPES = ((1, 1), (7, 3), (1, 180), (33, 17), (5, 31), (4, 32), (6, 257), (3, 1030))
#: The largest layer of the published network: no odder than the others, but more rows than they have.
LARGE = (512, 180)


@dataclass(frozen=True)
class Strain:
    """What is extreme about a layer: its zero points, codes (None: drawn), bias and shift to the left."""

    name: str
    input_zero_point: int = 3
    output_zero_point: int = -5
    code: int | None = None
    bias: float = 0.1
    left: int = -7
    relu: bool = False


STRAINS = (
    Strain("drawn"),
    Strain("relu", output_zero_point=-128, relu=True),
    Strain("lowest zero points", -128, -128),
    Strain("highest zero points", 127, 127),
    Strain("largest codes", 127, -128, code=1, left=-12),
    Strain("smallest codes", -128, 127, code=-1, left=-12),
    Strain("bias dominates upwards", bias=1.0, left=-24),
    Strain("bias dominates downwards", bias=-1.0, left=-24),
    Strain("no shift", left=0),
    Strain("shift to the left", left=3),
    Strain("largest shift to the right", bias=1.0, left=-30),
)


def layer(width: Width, shape: tuple[int, int], strain: Strain, seed: int = 0) -> FullyConnected:
    """Make a layer; a bias of 1 or -1 goes to the end of what keeps every accumulator within int32."""
    rng = np.random.default_rng([seed, width.bits, *shape])
    outputs, _ = shape
    if strain.code is None:
        weights = codes(rng, shape, width).astype(np.int8)
    else:
        weights = np.full(shape, strain.code * width.largest_code, np.int8)
    shift = np.full(outputs, strain.left, np.int32)
    if strain.name == "drawn":
        shift -= rng.integers(-4, 5, outputs).astype(np.int32)
    made = FullyConnected(
        name=f"dense {outputs} x {shape[1]}",
        input="input",
        weights=weights,
        bias=np.zeros(outputs, np.int32),
        weight_scales=np.ones(outputs, np.float32),
        multiplier=rng.integers(2**30, 2**31, outputs).astype(np.int32),
        shift=shift,
        input_quantization=TensorScale(1.0, strain.input_zero_point),
        output_quantization=TensorScale(1.0, strain.output_zero_point),
        width=width,
        activation_min=strain.output_zero_point if strain.relu else -128,
    )
    low, high = made.accumulator_bounds()
    room = (2**31 - 1 >> np.maximum(shift, 0)) - np.maximum(-low, high)
    limit = room if abs(strain.bias) == 1 else np.minimum(room, 40 * np.abs(weights.astype(int)).sum(axis=1))
    bias = strain.bias * limit * (1 if abs(strain.bias) == 1 else rng.uniform(-1, 1, outputs))
    made.bias[:] = bias.astype(np.int64)
    made.check_sums()
    return made


def vectors(layer: FullyConnected, count: int = 8, seed: int = 0) -> NDArray[np.int8]:
    """Inputs (count, inputs), the first ones extreme, among them those that make sums largest and smallest."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(-128, 128, (count, layer.inputs)).astype(np.int8)
    sign = layer.weights[0] > 0
    extremes = (-128, 127, np.where(sign, 127, -128), np.where(sign, -128, 127))
    for row, values in zip(drawn, extremes, strict=False):
        row[:] = values
    return drawn
