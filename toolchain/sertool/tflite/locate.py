"""Where a .tflite keeps the outputs of a graph's layers."""

from __future__ import annotations

from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph
from sertool.tflite.operators import CODECS, codec_of
from sertool.tflite.view import view


def layer_tensors(model: bytes, graph: IntegerGraph) -> dict[str, int]:
    """Give the tensor number of each layer's outputs, by layer name, in execution order.

    `model` may be our own file of `graph`, the file that `graph` was read from, or either compressed by
    `sertool.tflite.lut`: layers and operators are matched by kind and order. A Softmax or an ArgMax that the
    file lacks is left out. Raises SertoolError where the file has not as many layers with weights as the
    graph.
    """
    outputs: dict[int, list[int]] = {}
    for step in view(model).steps:
        outputs.setdefault(step.code, []).extend(tensor.number for tensor in step.outputs)
    found = sum(len(outputs.get(codec.code, [])) for codec in CODECS.values() if codec.weighted)
    if found != len(graph.weighted):
        raise SertoolError(
            f"the .tflite file has {found} layers with weights, the graph {len(graph.weighted)}",
            allowed="the file that was written from the graph, or that it was read from",
        )
    tensors = {code: iter(numbers) for code, numbers in outputs.items()}
    numbers = {layer.name: next(tensors.get(codec_of(layer).code, iter(())), None) for layer in graph.layers}
    return {name: number for name, number in numbers.items() if number is not None}
