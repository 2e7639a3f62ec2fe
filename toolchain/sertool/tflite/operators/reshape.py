"""RESHAPE in a .tflite: the shape is a constant, or stands in the options."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.operators import Reshape
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Step


def _write(layer: Reshape, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    shape = np.array([1, *layer.shape], np.int32)
    constant = sheet.constant(f"{layer.name}/shape", TensorType.INT32, shape)
    sheet.output(layer.output)
    return (*layer.reads, constant), {"new_shape": shape}


def _read(reading: Reading) -> Reshape:
    source, output = reading.source, reading.output
    source.expect(TensorType.INT8)
    output.expect(TensorType.INT8)
    asked = _asked(reading.step)
    known = -math.prod(asked)
    resolved = [math.prod(source.shape) // known if size == -1 and known > 0 else size for size in asked]
    if resolved != list(output.shape) or output.quantization() != source.quantization():
        raise SertoolError(
            f"the operator asks for shape {asked} and gives {list(output.shape)}, {output.quantization()}",
            where=str(reading.step),
            allowed=f"the shape that it asks for, {source.quantization()}, as it reads it",
        )
    return Reshape(reading.name, reading.reads[0], source.shape[1:], output.shape[1:], source.quantization())


def _asked(step: Step) -> list[int]:
    constant = step.inputs[1] if len(step.inputs) > 1 else None
    if constant is not None:
        return [int(size) for size in constant.constant([TensorType.INT32], dimensions=1)]
    options = step.options.get("new_shape")
    return [] if options is None else [int(size) for size in options]


CODEC = Codec(
    Operator.RESHAPE,
    version=1,
    latest=1,
    options=17,
    inputs=(1, 2),
    called="reshape",
    write=_write,
    read=_read,
)
