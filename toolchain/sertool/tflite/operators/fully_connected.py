"""FULLY_CONNECTED in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.build import integer_layer
from sertool.graph.operators import FullyConnected
from sertool.graph.quantization import ScaleProduct
from sertool.graph.scales import alike, multipliers
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Step
from sertool.tflite.weights import read_weights, write_weights


def _write(layer: FullyConnected, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    scales = layer.weight_scales if _per_channel(layer) else layer.weight_scales[:1]
    inputs = write_weights(layer, sheet, layer.weights, scales)
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
    if reading.step.options.get("weights_format", 0) != 0:
        raise SertoolError("the weights are shuffled", where=str(reading.step), allowed="plain int8 weights")
    codes, said = read_weights(reading, dimensions=2)
    reading.output.expect(TensorType.INT8, codes.shape[:1])
    reading.source.expect(TensorType.INT8, codes.shape[1:])
    weights = reading.step.inputs[1]
    per_channel = weights is not None and len(weights.scales) > 1
    return integer_layer(
        FullyConnected,
        reading.name,
        *reading.reads,
        weights=codes,
        activation=fused_clamp(reading.step, reading.output.quantization()),
        product=ScaleProduct.DOUBLE if per_channel else reading.product,
        **said,
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
