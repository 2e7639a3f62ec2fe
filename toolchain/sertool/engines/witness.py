"""What engines over interpreters of .tflite files have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.model import ArgMax, FullyConnected, IntegerGraph, Layer, Softmax


def missing_package(engine: str, package: str) -> SertoolError:
    """Make the error for an engine whose package is not installed."""
    return SertoolError(
        f"the engine {engine!r} needs the package {package}", hint="pip install 'sertool[verify]'"
    )


def check_inputs(engine: str, graph: IntegerGraph, inputs: NDArray[np.int8]) -> None:
    """Raise SertoolError unless `inputs` is int8 (clips, features)."""
    if inputs.dtype != np.int8 or inputs.ndim != 2 or inputs.shape[1] != graph.input_size:
        raise SertoolError(
            f"inputs are {inputs.dtype} of shape {inputs.shape}",
            where=f"engine {engine!r}",
            allowed=f"int8 of shape (clips, {graph.input_size})",
        )


def empty_trace(graph: IntegerGraph, layers: Iterable[str], clips: int) -> dict[str, NDArray[Any]]:
    """Make room for the outputs of `layers`: int8 (clips, size), for ArgMax int32 (clips, 1)."""
    trace: dict[str, NDArray[Any]] = {}
    for layer in graph.layers:
        if layer.name in layers:
            trace[layer.name] = _room(layer, clips)
    return trace


def _room(layer: Layer, clips: int) -> NDArray[Any]:
    match layer:
        case FullyConnected():
            return np.empty((clips, layer.outputs), np.int8)
        case Softmax():
            return np.empty((clips, layer.size), np.int8)
        case ArgMax():
            return np.empty((clips, 1), np.int32)
