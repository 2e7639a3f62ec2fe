"""The integer model and its arithmetic: what every engine must equal, bit for bit."""

from sertool.graph.build import classifier, fully_connected, network
from sertool.graph.graph import IntegerGraph, Role
from sertool.graph.layer import Layer
from sertool.graph.operators import ArgMax, FullyConnected, Softmax
from sertool.graph.quantization import TERNARY, Rounding, ScaleProduct, Width
from sertool.graph.tensors import TensorScale

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
