"""DEPTHWISE_CONV_2D in a .tflite: int8 weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.operators import DepthwiseConv2d
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.convolutions import convolution_options, image_of, read_convolution
from sertool.tflite.schema import Operator
from sertool.tflite.sheet import Sheet
from sertool.tflite.weights import read_weights, write_weights


def _write(layer: DepthwiseConv2d, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    codes = np.moveaxis(layer.weights, 0, -1)[np.newaxis]
    inputs = write_weights(layer, sheet, codes, layer.weight_scales, axis=3)
    sheet.output(layer.output)
    return inputs, {**convolution_options(layer), "depth_multiplier": layer.outputs_a_channel}


def _read(reading: Reading) -> DepthwiseConv2d:
    codes, said = read_weights(reading, dimensions=4, axis=3)
    *_, channels = image_of(reading)
    a_channel = reading.step.options.get("depth_multiplier", 0)
    if len(codes) != 1 or a_channel * channels != codes.shape[3]:
        raise SertoolError(
            f"weights of shape {list(codes.shape)}, and {a_channel} outputs for each of {channels} channels",
            where=str(reading.step),
            allowed="weights of shape [1, height, width, outputs], as many of each channel",
        )
    return read_convolution(DepthwiseConv2d, reading, np.moveaxis(codes[0], -1, 0), said)


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
