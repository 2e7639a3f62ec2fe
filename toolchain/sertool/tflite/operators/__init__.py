"""How each operator stands in a .tflite, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sertool.graph.layer import Layer
from sertool.graph.operators import operator_of
from sertool.tflite.codec import Codec
from sertool.tflite.operators import (
    add,
    arg_max,
    average_pool_2d,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    max_pool_2d,
    reshape,
    softmax,
)

CODECS: Mapping[str, Codec[Any]] = {
    "fully_connected": fully_connected.CODEC,
    "softmax": softmax.CODEC,
    "arg_max": arg_max.CODEC,
    "add": add.CODEC,
    "conv_2d": conv_2d.CODEC,
    "depthwise_conv_2d": depthwise_conv_2d.CODEC,
    "reshape": reshape.CODEC,
    "average_pool_2d": average_pool_2d.CODEC,
    "max_pool_2d": max_pool_2d.CODEC,
}


def codec_of(layer: Layer) -> Codec[Any]:
    """Give the row of the layer's operator."""
    return CODECS[operator_of(layer)]


def codec_for(code: int) -> Codec[Any] | None:
    """Give the row of the operator of this code in a file; None where there is none."""
    return next((codec for codec in CODECS.values() if codec.code == code), None)
