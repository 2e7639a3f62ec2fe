"""ADD in a .tflite: two tensors of one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sertool.graph.operators import Add
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet


def _write(layer: Add, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    sheet.output(layer.output)
    return layer.reads, {"fused_activation_function": activation_of(layer)}


def _read(reading: Reading) -> Add:
    step, output = reading.step, reading.output
    output.expect(TensorType.INT8)
    left, right = (tensor for tensor in step.inputs if tensor is not None)
    for tensor in (left, right):
        tensor.expect(TensorType.INT8, output.shape[1:])
    low, high = fused_clamp(step, output.quantization())
    return Add(
        name=reading.name,
        left=reading.reads[0],
        right=reading.reads[1],
        shape=output.shape[1:],
        left_quantization=left.quantization(),
        right_quantization=right.quantization(),
        output_quantization=output.quantization(),
        activation_min=low,
        activation_max=high,
    )


CODEC = Codec(
    Operator.ADD,
    version=2,
    latest=5,
    options=11,
    inputs=(2,),
    called="add",
    write=_write,
    read=_read,
    activations=2,
)
