"""The integer model and its arithmetic: what every engine must equal, bit for bit."""

from sertool.graph.build import classifier, fully_connected, network
from sertool.graph.graph import ArgMax, FullyConnected, IntegerGraph, Layer, Role, Softmax, TensorScale
from sertool.graph.quantization import TERNARY, Rounding, ScaleProduct, Width

__all__ = [
    "TERNARY",
    "ArgMax",
    "FullyConnected",
    "IntegerGraph",
    "Layer",
    "Role",
    "Rounding",
    "ScaleProduct",
    "Softmax",
    "TensorScale",
    "Width",
    "classifier",
    "fully_connected",
    "network",
]
