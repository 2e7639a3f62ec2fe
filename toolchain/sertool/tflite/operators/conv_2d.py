"""CONV_2D in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sertool.graph.build import integer_layer
from sertool.graph.operators import Conv2d
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.weights import read_weights, write_weights
from sertool.tflite.windows import dilation_options, read_window, window_options


def _write(layer: Conv2d, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:

    inputs = write_weights(layer, sheet, layer.weights, layer.weight_scales)
    sheet.output(layer.output)
    return inputs, {
        **window_options(layer.window),
        **dilation_options(layer.window),
        "fused_activation_function": activation_of(layer),
    }


def _read(reading: Reading) -> Conv2d:
    codes, said = read_weights(reading, dimensions=4)
    source, output = reading.source, reading.output
    source.expect(TensorType.INT8, rank=3)
    _, height, width, channels = source.shape
    layer = integer_layer(
        Conv2d,
        reading.name,
        *reading.reads,
        weights=codes,
        activation=fused_clamp(reading.step, output.quantization()),
        image=(height, width, channels),
        window=read_window(reading.step, (codes.shape[1], codes.shape[2])),
        **said,
    )
    layer.window.check(layer.name, layer.image)
    output.expect(TensorType.INT8, layer.output.shape)
    return layer


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
