"""ARG_MAX in a .tflite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.operators import ArgMax
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Tensor


def _write(layer: ArgMax, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    axis = sheet.constant(f"{layer.name}/axis", TensorType.INT32, np.array([1], np.int32))
    sheet.output(layer.output, shape=[1])
    return (*layer.reads, axis), {"output_type": TensorType.INT32}


def _read(reading: Reading) -> ArgMax:
    step, source, output = reading.step, reading.source, reading.output
    source.expect(TensorType.INT8, rank=1)
    if output.type != TensorType.INT32 or output.shape != (1,):
        raise SertoolError(
            f"the tensor is {output.type_name} of shape {list(output.shape)}",
            where=str(output),
            allowed="INT32 of shape [1]",
        )
    axis = step.inputs[1]
    dimension = None if axis is None else _axis(axis)
    if dimension not in (1, -1) or step.options.get("output_type") != TensorType.INT32:
        raise SertoolError(
            f"arg max runs along axis {dimension} and gives type {step.options.get('output_type')}",
            where=str(step),
            allowed="axis 1 or -1, INT32 output",
        )
    return ArgMax(reading.name, reading.reads[0], source.shape[1])


def _axis(tensor: Tensor) -> int:
    if tensor.shape not in ((), (1,)):
        raise SertoolError(f"the axis has shape {list(tensor.shape)}", where=str(tensor), allowed="one number")
    return int(tensor.constant([TensorType.INT32], len(tensor.shape)).reshape(-1)[0])


CODEC = Codec(
    Operator.ARG_MAX,
    version=2,
    latest=2,
    options=40,
    inputs=(2,),
    called="label",
    write=_write,
    read=_read,
)
