"""The numpy reference: the specification that every other engine must equal, bit for bit."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph
from sertool.graph.tensors import Values


def run(graph: IntegerGraph, *inputs: NDArray[np.int8]) -> dict[str, Values]:
    """Run `inputs`, an int8 array (clips, *shape) for each of the graph's, and return every layer's outputs.

    They stand in execution order under the layers' names, (clips, *shape), of the type of the layer's output.
    Raises SertoolError for inputs of another shape or type.
    """
    values: dict[str, Values] = {}
    for tensor, given in itertools.zip_longest(graph.inputs, inputs):
        if tensor is None or given is None:
            raise SertoolError(
                f"{len(inputs)} inputs", allowed=f"as many as the model has: {len(graph.inputs)}"
            )
        if given.dtype != np.int8 or given.shape[1:] != tensor.shape or given.ndim == 0:
            shape = ", ".join(("clips", *map(str, tensor.shape)))
            raise SertoolError(
                f"inputs are {given.dtype} of shape {given.shape}",
                where=f"input {tensor.name!r}",
                allowed=f"int8 of shape ({shape})",
            )
        values[tensor.name] = given
    for layer in graph.layers:
        values[layer.name] = layer.run([values[name] for name in layer.reads], graph.rounding)
    return {layer.name: values[layer.name] for layer in graph.layers}
