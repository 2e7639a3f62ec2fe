"""FULLY_CONNECTED in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.build import integer_layer
from sertool.graph.operators import FullyConnected
from sertool.graph.quantization import TERNARY, ScaleProduct, Width
from sertool.graph.scales import alike, multipliers
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Step, Tensor

#: How far a bias's scale may be from input scale * weight scale, in steps of the output: runtimes allow 0.02.
_BIAS_SCALE_ERROR = 0.01


def _write(layer: FullyConnected, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    scales = layer.weight_scales if _per_channel(layer) else layer.weight_scales[:1]
    zeros = np.zeros(len(scales), np.int64)
    bias_scales = np.float32(layer.input_quantization.scale) * scales
    inputs = [
        *layer.reads,
        sheet.constant(
            f"{layer.name}/weights",
            TensorType.INT8,
            layer.weights,
            quantization={"scale": scales, "zero_point": zeros, "quantized_dimension": 0},
        ),
        sheet.constant(
            f"{layer.name}/bias",
            TensorType.INT32,
            layer.bias,
            quantization={"scale": bias_scales, "zero_point": zeros, "quantized_dimension": 0},
        ),
    ]
    sheet.output(layer.output)
    return inputs, {"fused_activation_function": activation_of(layer)}


def _per_channel(layer: FullyConnected) -> bool:
    """Whether weights take a scale for each channel: not where all are equal, and runtimes multiply it alike.

    With one scale for the tensor look-up tables are one for the tensor, too.
    """
    scales = (layer.input_quantization, layer.weight_scales, layer.output_quantization)
    multiplier, shift = multipliers(layer.name, *scales, ScaleProduct.DOUBLE)
    if np.array_equal(multiplier, layer.multiplier) and np.array_equal(shift, layer.shift):
        if np.all(layer.weight_scales == layer.weight_scales[0]) and alike(*scales).all():
            return False
        if layer.outputs > 1:
            return True
    raise SertoolError(
        "the multipliers are not those that every runtime would derive from the scales",
        where=f"layer {layer.name!r}",
        allowed="multiplier and shift of input scale * weight scale / output scale, the product rounded or not",
        hint="make the layer with sertool.graph.fully_connected",
    )


def _read(reading: Reading) -> FullyConnected:
    step, source, output = reading.step, reading.source, reading.output
    _, weights, bias = (*step.inputs, None)[:3]
    bias_type = step.options.get("quantized_bias_type", 0)
    if bias_type not in (0, TensorType.INT32):
        raise SertoolError(f"biases are of type {bias_type}", where=str(step), allowed="INT32")
    if weights is None or step.options.get("weights_format", 0) != 0:
        raise SertoolError("the weights are missing or shuffled", where=str(step), allowed="plain int8 weights")
    codes = weights.constant([TensorType.INT8], dimensions=2)
    output.expect(TensorType.INT8, codes.shape[:1])
    source.expect(TensorType.INT8, codes.shape[1:])
    per_channel = len(weights.scales) > 1
    if (
        weights.zero_points.any()
        or len(weights.scales) not in (1, len(codes))
        or (per_channel and weights.axis)
    ):
        raise SertoolError(
            f"the weights have {len(weights.scales)} scales along dimension {weights.axis} and zero points "
            f"{sorted(set(weights.zero_points.tolist()))}",
            where=str(weights),
            allowed=f"1 or {len(codes)} scales along dimension 0, zero points 0",
        )
    if bias is None:
        integers = np.zeros(len(codes), np.int32)
    else:
        integers = bias.constant([TensorType.INT32], dimensions=1).astype(np.int32)
    activation = fused_clamp(step, output.quantization())
    layer = integer_layer(
        reading.name,
        *reading.reads,
        weights=codes.astype(np.int8),
        bias=integers,
        weight_scales=np.broadcast_to(weights.scales, len(codes)).astype(np.float32),
        input_q=source.quantization(),
        output_q=output.quantization(),
        activation=activation,
        width=reading.width or least_width(codes),
        product=ScaleProduct.DOUBLE if per_channel else reading.product,
    )
    if bias is not None:
        _check_bias(bias, weights, source, output)
    return layer


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


def _multiplied_alike(step: Step, layer: FullyConnected) -> bool:
    weights = step.inputs[1]
    if weights is None or len(weights.scales) > 1:
        return True
    return bool(alike(layer.input_quantization, layer.weight_scales, layer.output_quantization).all())


CODEC = Codec(
    Operator.FULLY_CONNECTED,
    version=4,
    latest=9,
    options=8,
    inputs=(2, 3),
    called="dense",
    write=_write,
    read=_read,
    weighted=True,
    alike=_multiplied_alike,
)
