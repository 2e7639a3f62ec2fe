"""The numpy reference: the specification that every other engine must equal, bit for bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import requantize
from sertool.graph.graph import ArgMax, FullyConnected, IntegerGraph, Softmax
from sertool.graph.quantization import Rounding
from sertool.graph.softmax import softmax

Values = NDArray[np.int8] | NDArray[np.int32]


def run(graph: IntegerGraph, inputs: NDArray[np.int8]) -> dict[str, Values]:
    """Run int8 `inputs` (clips, features) and return every layer's outputs by name, in execution order.

    Fully connected and Softmax give int8 (clips, size), ArgMax int32 (clips, 1). Raises SertoolError for inputs
    of another shape or type.
    """
    if inputs.dtype != np.int8 or inputs.ndim != 2 or inputs.shape[1] != graph.input_size:
        raise SertoolError(
            f"inputs are {inputs.dtype} of shape {inputs.shape}",
            where=f"input {graph.input_name!r}",
            allowed=f"int8 of shape (clips, {graph.input_size})",
        )
    values: dict[str, Values] = {graph.input_name: inputs}
    for layer in graph.layers:
        read = values[layer.input]
        match layer:
            case FullyConnected():
                values[layer.name] = fully_connected(layer, read, graph.rounding)
            case Softmax():
                values[layer.name] = softmax(read.astype(np.int8), layer.input_quantization.scale)
            case ArgMax():
                values[layer.name] = np.argmax(read, axis=1).astype(np.int32)[:, np.newaxis]
    del values[graph.input_name]
    return values


def accumulate(layer: FullyConnected, inputs: Values) -> NDArray[np.int64]:
    """Compute the int32 accumulators, bias included, as int64 (clips, outputs)."""
    # Sums stay far below 2^53, so the float64 product is exact, and BLAS makes it fast.
    centred = inputs.astype(np.float64) - layer.input_quantization.zero_point
    return (centred @ layer.weights.T.astype(np.float64)).astype(np.int64) + layer.bias


def fully_connected(layer: FullyConnected, inputs: Values, rounding: Rounding) -> NDArray[np.int8]:
    """Run one layer on int8 `inputs` (clips, inputs): int8 (clips, outputs)."""
    scaled = requantize(accumulate(layer, inputs), layer.multiplier, layer.shift, rounding)
    shifted = scaled + layer.output_quantization.zero_point
    return np.clip(shifted, layer.activation_min, layer.activation_max).astype(np.int8)
