"""The numpy reference: the specification that every other engine must equal, bit for bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph
from sertool.graph.tensors import Values


def run(graph: IntegerGraph, *inputs: NDArray[np.int8]) -> dict[str, Values]:
    """Run `inputs`, an int8 array (clips, *shape) for each of the graph's, and return every layer's outputs.

    They stand in execution order under the layers' names, (clips, *shape), of the type of the layer's output.
    Raises SertoolError for inputs of another shape or type.
    """
    check_inputs("reference", graph, inputs)
    values: dict[str, Values] = {tensor.name: given for tensor, given in zip(graph.inputs, inputs, strict=True)}
    for layer in graph.layers:
        values[layer.name] = layer.run([values[name] for name in layer.reads], graph.rounding)
    return {layer.name: values[layer.name] for layer in graph.layers}
