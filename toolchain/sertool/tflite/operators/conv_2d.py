"""CONV_2D in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sertool.graph.operators import Conv2d
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.convolutions import convolution_options, read_convolution
from sertool.tflite.schema import Operator
from sertool.tflite.sheet import Sheet
from sertool.tflite.weights import read_weights, write_weights


def _write(layer: Conv2d, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    inputs = write_weights(layer, sheet, layer.weights, layer.weight_scales)
    sheet.output(layer.output)
    return inputs, convolution_options(layer)


def _read(reading: Reading) -> Conv2d:
    codes, said = read_weights(reading, dimensions=4)
    return read_convolution(Conv2d, reading, codes, said)


CODEC = Codec(
    Operator.CONV_2D,
    version=3,
    latest=6,
    options=1,
    inputs=(2, 3),
    called="conv",
    write=_write,
    read=_read,
    weighted=True,
)
