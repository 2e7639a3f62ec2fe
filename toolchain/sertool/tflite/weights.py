"""Weights and biases of any layer that has some, as they stand in a .tflite."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.quantization import TERNARY, Width
from sertool.graph.tensors import check_scale
from sertool.graph.weighted import Weighted
from sertool.tflite.codec import Reading
from sertool.tflite.schema import TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Tensor

#: How far a bias's scale may be from input scale * weight scale, in steps of the output: runtimes allow 0.02.
_BIAS_SCALE_ERROR = 0.01


def write_weights(
    layer: Weighted, sheet: Sheet, codes: NDArray[np.int8], scales: NDArray[np.float32], axis: int = 0
) -> list[str]:
    """Add weights, with scales along `axis`, and bias; give the names of all that the layer reads."""
    zeros = np.zeros(len(scales), np.int64)
    bias_scales = np.float32(layer.input_quantization.scale) * scales
    return [
        *layer.reads,
        sheet.constant(
            f"{layer.name}/weights",
            TensorType.INT8,
            codes,
            quantization={"scale": scales, "zero_point": zeros, "quantized_dimension": axis},
        ),
        sheet.constant(
            f"{layer.name}/bias",
            TensorType.INT32,
            layer.bias,
            quantization={"scale": bias_scales, "zero_point": zeros, "quantized_dimension": 0},
        ),
    ]


def read_weights(reading: Reading, dimensions: int, axis: int = 0) -> tuple[NDArray[np.int8], dict[str, Any]]:
    """Read weights as they stand, and what else `graph.build.integer_layer` takes of the layer, but its clamp.

    Scales are one, or one for each output, which are along `axis`. Raises SertoolError for anything else.
    """
    step, source, output = reading.step, reading.source, reading.output
    _, weights, bias = (*step.inputs, None)[:3]
    bias_type = step.options.get("quantized_bias_type", 0)
    if bias_type not in (0, TensorType.INT32):
        raise SertoolError(f"biases are of type {bias_type}", where=str(step), allowed="INT32")
    if weights is None:
        raise SertoolError("the weights are missing", where=str(step), allowed="int8 weights")
    codes = weights.constant([TensorType.INT8], dimensions).astype(np.int8)
    outputs = codes.shape[axis]
    per_channel = len(weights.scales) > 1
    if (
        weights.zero_points.any()
        or len(weights.scales) not in (1, outputs)
        or (per_channel and weights.axis != axis)
    ):
        raise SertoolError(
            f"the weights have {len(weights.scales)} scales along dimension {weights.axis} and zero points "
            f"{sorted(set(weights.zero_points.tolist()))}",
            where=str(weights),
            allowed=f"1 or {outputs} scales along dimension {axis}, zero points 0",
        )
    check_scale(reading.name, "input", source.quantization())
    check_scale(reading.name, "output", output.quantization())
    if bias is None:
        integers = np.zeros(outputs, np.int32)
    else:
        integers = bias.constant([TensorType.INT32], dimensions=1).astype(np.int32)
        _check_bias(bias, weights, source, output)
    return codes, {
        "bias": integers,
        "weight_scales": np.broadcast_to(weights.scales, outputs).astype(np.float32),
        "input_q": source.quantization(),
        "output_q": output.quantization(),
        "width": reading.width or least_width(codes),
    }


def least_width(codes: NDArray[np.int8]) -> Width:
    """Find the least width whose code set holds `codes`; -128 is in none, which the graph's checks report."""
    largest = int(np.abs(codes.astype(np.int16)).max(initial=0))
    if largest <= 1:
        return TERNARY if (codes == 0).any() else Width(1)
    return Width(min(8, largest.bit_length() + 1))


def _check_bias(bias: Tensor, weights: Tensor, source: Tensor, output: Tensor) -> None:
    """Check what runtimes check of a bias where weights have one scale, and mean by it elsewhere."""
    with np.errstate(invalid="ignore"):  # a signalling NaN
        scales = bias.scales.astype(np.float64)
        expected = source.quantization().scale * weights.scales.astype(np.float64)
    steps = np.abs(scales - expected) / output.quantization().scale if scales.shape == expected.shape else None
    if bias.zero_points.any() or steps is None or not (steps <= _BIAS_SCALE_ERROR).all():
        raise SertoolError(
            f"the bias has {len(scales)} scales, not those of its weights and the input, or zero points",
            where=str(bias),
            allowed="input scale * weight scale, zero points 0",
        )
