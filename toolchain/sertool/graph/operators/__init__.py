"""Every operator by its name, which is that of its file in each room that speaks of it."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.graph.layer import Layer
from sertool.graph.operators.add import Add
from sertool.graph.operators.arg_max import ArgMax
from sertool.graph.operators.average_pool_2d import AveragePool2d
from sertool.graph.operators.conv_2d import Conv2d
from sertool.graph.operators.depthwise_conv_2d import DepthwiseConv2d
from sertool.graph.operators.fully_connected import FullyConnected
from sertool.graph.operators.max_pool_2d import MaxPool2d
from sertool.graph.operators.reshape import Reshape
from sertool.graph.operators.softmax import Softmax

__all__ = [
    "OPERATORS",
    "Add",
    "ArgMax",
    "AveragePool2d",
    "Conv2d",
    "DepthwiseConv2d",
    "FullyConnected",
    "MaxPool2d",
    "Reshape",
    "Softmax",
    "operator_of",
]

OPERATORS: Mapping[str, type[Layer]] = {
    "fully_connected": FullyConnected,
    "softmax": Softmax,
    "arg_max": ArgMax,
    "add": Add,
    "conv_2d": Conv2d,
    "depthwise_conv_2d": DepthwiseConv2d,
    "reshape": Reshape,
    "average_pool_2d": AveragePool2d,
    "max_pool_2d": MaxPool2d,
}


def operator_of(layer: Layer) -> str:
    """Give the name of the layer's operator."""
    return next(name for name, kind in OPERATORS.items() if type(layer) is kind)
