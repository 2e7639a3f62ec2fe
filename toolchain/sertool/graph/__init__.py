"""The integer model and its arithmetic: what every engine must equal, bit for bit."""

from sertool.graph.build import classifier, fully_connected
from sertool.graph.model import ArgMax, FullyConnected, IntegerGraph, Layer, Softmax, TensorScale
from sertool.graph.quantization import TERNARY, Rounding, Width

__all__ = [
    "TERNARY",
    "ArgMax",
    "FullyConnected",
    "IntegerGraph",
    "Layer",
    "Rounding",
    "Softmax",
    "TensorScale",
    "Width",
    "classifier",
    "fully_connected",
]
