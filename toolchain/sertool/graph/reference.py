"""The numpy reference: the specification that every other engine must equal, bit for bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph
from sertool.graph.tensors import Values


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
        values[layer.name] = layer.run([values[name] for name in layer.reads], graph.rounding)
    del values[graph.input_name]
    return values
