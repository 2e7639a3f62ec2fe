"""What each operator is in C, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sertool.firmware.lowering import Lowering
from sertool.firmware.operators import (
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
from sertool.graph.layer import Layer
from sertool.graph.operators import operator_of

LOWERINGS: Mapping[str, Lowering[Any]] = {
    "fully_connected": fully_connected.LOWERING,
    "softmax": softmax.LOWERING,
    "arg_max": arg_max.LOWERING,
    "add": add.LOWERING,
    "conv_2d": conv_2d.LOWERING,
    "depthwise_conv_2d": depthwise_conv_2d.LOWERING,
    "reshape": reshape.LOWERING,
    "average_pool_2d": average_pool_2d.LOWERING,
    "max_pool_2d": max_pool_2d.LOWERING,
}


def lowering_of(layer: Layer) -> Lowering[Any]:
    """Give the row of the layer's operator."""
    return LOWERINGS[operator_of(layer)]
