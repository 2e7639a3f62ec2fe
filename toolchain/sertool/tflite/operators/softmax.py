"""SOFTMAX in a .tflite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sertool.errors import SertoolError
from sertool.graph.operators import Softmax
from sertool.graph.operators.softmax import PROBABILITIES
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet


def _write(layer: Softmax, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    sheet.output(layer.output)
    return layer.reads, {"beta": 1.0}


def _read(reading: Reading) -> Softmax:
    step, source, output = reading.step, reading.source, reading.output
    source.expect(TensorType.INT8, rank=1)
    output.expect(TensorType.INT8, source.shape[1:])
    if step.options.get("beta") != 1.0 or output.quantization() != PROBABILITIES:
        raise SertoolError(
            f"softmax has beta {step.options.get('beta')} and gives {output.quantization()}",
            where=str(step),
            allowed="beta 1, int8 output with scale 1/256 and zero point -128",
        )
    return Softmax(reading.name, reading.reads[0], source.shape[1], source.quantization())


CODEC = Codec(
    Operator.SOFTMAX,
    version=2,
    latest=3,
    options=9,
    inputs=(1,),
    called="probabilities",
    write=_write,
    read=_read,
)
