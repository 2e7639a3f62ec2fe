"""DEPTHWISE_CONV_2D in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.build import integer_layer
from sertool.graph.operators import DepthwiseConv2d
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.weights import read_weights, write_weights
from sertool.tflite.windows import dilation_options, read_window, window_options


def _write(layer: DepthwiseConv2d, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    codes = np.moveaxis(layer.weights, 0, -1)[np.newaxis]
    inputs = write_weights(layer, sheet, codes, layer.weight_scales, axis=3)
    sheet.output(layer.output)
    return inputs, {
        **window_options(layer.window),
        **dilation_options(layer.window),
        "depth_multiplier": layer.outputs_a_channel,
        "fused_activation_function": activation_of(layer),
    }


def _read(reading: Reading) -> DepthwiseConv2d:
    codes, said = read_weights(reading, dimensions=4, axis=3)
    source, output = reading.source, reading.output
    source.expect(TensorType.INT8, rank=3)
    _, height, width, channels = source.shape
    a_channel = reading.step.options.get("depth_multiplier", 0)
    if len(codes) != 1 or a_channel * channels != codes.shape[3]:
        raise SertoolError(
            f"weights of shape {list(codes.shape)}, and {a_channel} outputs for each of {channels} channels",
            where=str(reading.step),
            allowed="weights of shape [1, height, width, outputs], as many of each channel",
        )
    layer = integer_layer(
        DepthwiseConv2d,
        reading.name,
        *reading.reads,
        weights=np.moveaxis(codes[0], -1, 0),
        activation=fused_clamp(reading.step, output.quantization()),
        image=(height, width, channels),
        window=read_window(reading.step, (codes.shape[1], codes.shape[2])),
        **said,
    )
    layer.window.check(layer.name, layer.image)
    output.expect(TensorType.INT8, layer.output.shape)
    return layer


CODEC = Codec(
    Operator.DEPTHWISE_CONV_2D,
    version=3,
    latest=6,
    options=2,
    inputs=(2, 3),
    called="depthwise",
    write=_write,
    read=_read,
    weighted=True,
)
