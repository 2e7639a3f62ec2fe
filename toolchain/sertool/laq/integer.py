"""Handing over at the waist: from a quantized model to the integer graph, and its accuracy there."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sertool.graph import IntegerGraph, Role, TensorScale
from sertool.graph.build import classifier, fully_connected
from sertool.graph.reference import run
from sertool.graph.scales import nearest_input
from sertool.graph.temperature import temperable, tempered
from sertool.laq.quantized_model import QuantizedModel
from sertool.training.data import Examples
from sertool.training.metrics import Accuracy, accuracy

INPUT_NAME = "features"


def integer_graph(model: QuantizedModel, *, one_scale: bool = False) -> IntegerGraph:
    """Return the integer graph that does what the model does, up to the rounding of biases and activations.

    With `one_scale` each layer's equal weight scales become one for the tensor, as look-up tables need it. Such
    a scale, and that of a single output, moves to the nearest at which all runtimes compute the same integers.
    Without it the last layer's scales have 16 bits, so that the model's temperature changes no integer.
    """
    if not one_scale:
        model = _temperable(model)
    layers, name, scale = [], INPUT_NAME, model.input
    for layer, output in zip(model.layers, _outputs(model, one_scale), strict=True):
        made = fully_connected(
            layer.name,
            name,
            layer.codes,
            layer.weight_scales,
            layer.bias,
            scale,
            output,
            layer.relu,
            layer.width,
            one_scale=one_scale,
        )
        layers.append(made)
        name, scale = layer.name, output
    graph = classifier(layers, model.labels)
    return graph if model.temperature == 1 else tempered(graph, model.temperature)


def _temperable(model: QuantizedModel) -> QuantizedModel:
    last = model.layers[-1]
    output = TensorScale(float(temperable(last.output.scale)), last.output.zero_point)
    ending = dataclasses.replace(last, weight_scales=temperable(last.weight_scales), output=output)
    return dataclasses.replace(model, layers=(*model.layers[:-1], ending))


def _outputs(model: QuantizedModel, one_scale: bool) -> list[TensorScale]:
    """The layers' outputs; one that a layer with one weight scale reads moves where that helps, last first."""
    outputs = [layer.output for layer in model.layers]
    for index in range(len(outputs) - 1, 0, -1):
        scales = model.layers[index].weight_scales
        if one_scale or len(scales) == 1:
            outputs[index - 1] = nearest_input(outputs[index - 1], np.float32(scales[0]), outputs[index])
    return outputs


def classify(graph: IntegerGraph, features: NDArray[np.int8]) -> NDArray[np.int32]:
    """Return the class index of each clip, int32 (clips,), from the integer reference."""
    return np.asarray(run(graph, features)[graph.roles[Role.LABEL]], np.int32)[:, 0]


def evaluate(graph: IntegerGraph, examples: Examples) -> Accuracy:
    """Return the integer reference's accuracy on `examples`."""
    return accuracy(examples.labels, classify(graph, examples.features), graph.labels)
