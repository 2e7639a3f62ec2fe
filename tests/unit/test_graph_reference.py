"""The numpy reference against a plain loop over unbounded integers."""

from __future__ import annotations

import numpy as np
import pytest

from networks import inputs, network
from sertool.errors import SertoolError
from sertool.graph import FullyConnected, IntegerGraph, Rounding, TensorScale, reference
from sertool.graph.arithmetic import requantize
from sertool.graph.build import graph_of
from sertool.graph.operators import Add
from sertool.graph.tensors import Tensor


def by_hand(graph: IntegerGraph, clip: np.ndarray) -> dict[str, list[int]]:
    values = {graph.input.name: [int(value) for value in clip]}
    for layer in graph.weighted:
        outputs = []
        for row in range(layer.outputs):
            total = int(layer.bias[row])
            for weight, value in zip(layer.weights[row].tolist(), values[layer.input], strict=True):
                total += weight * (value - layer.input_quantization.zero_point)
            scaled = int(requantize(total, layer.multiplier[row], layer.shift[row], graph.rounding))
            code = scaled + layer.output_quantization.zero_point
            outputs.append(min(max(code, layer.activation_min), layer.activation_max))
        values[layer.name] = outputs
    return values


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("plan", [["1", "ternary"], ["2", "3"], ["4", "5"], ["6", "7"], ["8", "8"]])
def test_every_width_equals_the_plain_loop(plan: list[str], rounding: Rounding) -> None:
    graph = network([13, 7, 3], plan, seed=len(plan[0]), rounding=rounding)
    clips = inputs(graph, 12)
    trace = reference.run(graph, clips)
    for number, clip in enumerate(clips):
        expected = by_hand(graph, clip)
        for layer in graph.weighted:
            assert trace[layer.name][number].tolist() == expected[layer.name]


def test_the_trace_holds_every_layer_with_its_type() -> None:
    graph = network([5, 4, 3], ["8", "8"])
    trace = reference.run(graph, inputs(graph, 6))
    assert {name: (values.dtype.name, values.shape) for name, values in trace.items()} == {
        "dense0": ("int8", (6, 4)),
        "dense1": ("int8", (6, 3)),
        "probabilities": ("int8", (6, 3)),
        "label": ("int32", (6, 1)),
    }


def test_the_first_of_equal_logits_is_the_label() -> None:
    graph = network([2, 3], ["8"])
    (logits,) = graph.weighted
    flat = FullyConnected(
        **{**vars(logits), "weights": np.zeros((3, 2), np.int8), "bias": np.zeros(3, np.int32)}
    )
    tied = IntegerGraph(**{**vars(graph), "layers": (flat, *graph.layers[1:])})
    assert reference.run(tied, np.zeros((1, 2), np.int8))["label"].tolist() == [[0]]


@pytest.mark.parametrize("wrong", [np.zeros((2, 4), np.int8), np.zeros((2, 5), np.int16), np.zeros(5, np.int8)])
def test_inputs_of_another_shape_or_type_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(SertoolError, match=r"allowed: int8 of shape \(clips, 5\)"):
        reference.run(network([5, 3], ["8"]), wrong)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(3, 2, 2)], "1 inputs\n.*'reference'\n.*as many as the model has: 2"),
        ([(3, 2, 2)] * 3, "3 inputs"),
        ([(3, 2, 2), (3, 4)], r"int8 of shape \(3, 4\)\n.*input 'right'\n.*shape \(3, 2, 2\)"),
        ([(3, 2, 2), (2, 2, 2)], r"shape \(2, 2, 2\)\n.*input 'right'\n.*shape \(3, 2, 2\)"),
        ([(2, 2), (2, 2)], r"input 'left'\n.*shape \(clips, 2, 2\)"),
        ([(), ()], r"input 'left'\n.*shape \(clips, 2, 2\)"),
    ],
)
def test_several_inputs_have_their_shapes_and_as_many_clips(
    shapes: list[tuple[int, ...]], message: str
) -> None:
    q = TensorScale(1.0, 0)
    sides = [Tensor("left", (2, 2), q), Tensor("right", (2, 2), q)]
    graph = graph_of(sides, [Add("sum", "left", "right", (2, 2), q, q, q)])
    with pytest.raises(SertoolError, match=message):
        reference.run(graph, *(np.zeros(shape, np.int8) for shape in shapes))
