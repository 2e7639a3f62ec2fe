"""What the builder makes, and that it refuses by name what no engine could run."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from networks import network
from sertool.errors import SertoolError
from sertool.graph import (
    FullyConnected,
    IntegerGraph,
    ScaleProduct,
    TensorScale,
    Width,
    classifier,
    fully_connected,
)
from sertool.graph.checks import check_graph
from sertool.graph.graph import equal
from sertool.graph.scales import alike, multipliers, nearest_alike

GOOD: dict[str, Any] = {
    "name": "dense0",
    "input": "input",
    "codes": np.array([[1, -1, 1], [-1, -1, 1]]),
    "weight_scales": [0.25, 0.5],
    "bias": [1.0, -2.0],
    "input_q": TensorScale(2**-5, 3),
    "output_q": TensorScale(2**-4, -10),
    "relu": True,
    "width": Width(1),
}


def layer(**changes: Any) -> FullyConnected:
    return fully_connected(**{**GOOD, **changes})


def test_biases_and_multipliers_come_from_the_scales() -> None:
    made = layer()
    assert made.bias.tolist() == [128, -128]
    assert made.multiplier.tolist() == [2**30, 2**30]
    # 2^-5 * 0.25 / 2^-4 = 2^-3 = 2^30 * 2^(-2 - 31)
    assert made.shift.tolist() == [-2, -1]
    assert (made.activation_min, made.activation_max) == (-10, 127)
    assert (layer(relu=False).activation_min, made.inputs, made.outputs) == (-128, 3, 2)


@pytest.mark.filterwarnings("error")
def test_scales_are_those_that_a_file_can_hold() -> None:
    assert TensorScale(0.1, 0).scale == float(np.float32(0.1))
    assert TensorScale(1e300, 0).scale == np.inf


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"codes": np.array([[1, 0, 1], [-1, -1, 1]])},
            r"weight \[0, 1\] is 0.*\n.*dense0.*\n.*codes -1 and \+1",
        ),
        ({"codes": np.array([[1, 2, 1], [1, 1, 1]]), "width": Width.parse("t")}, "codes from -1 to 1"),
        ({"codes": np.array([[1, -128], [1, 1]]), "width": Width(8)}, "is -128: no code of width 8"),
        ({"codes": np.zeros((2, 3))}, "weights are float64"),
        ({"codes": np.zeros((2, 0), int)}, r"allowed: integer codes of shape \(outputs, inputs\)"),
        ({"weight_scales": [0.25]}, "allowed: 2 positive float32 values"),
        ({"weight_scales": [0.25, 0.0]}, "is not positive"),
        ({"weight_scales": [0.25, np.inf]}, "is not positive and finite"),
        ({"bias": [1.0]}, r"allowed: finite numbers of shape \(2,\)"),
        ({"bias": [1.0, np.nan]}, "is not finite"),
        ({"bias": [1e9, 0.0]}, "a bias leaves int32"),
        ({"bias": [(2**31 - 100) / 128, 0.0]}, "accumulator of output 0 can leave int32"),
        ({"input_q": TensorScale(0.0, 0)}, "the input is quantized with scale 0.0"),
        ({"output_q": TensorScale(1.0, 128)}, "zero point 128"),
        ({"output_q": TensorScale(1e12, 0)}, r"allowed: from 2\^-31 to 2\^30"),
        ({"input_q": TensorScale(1e4, 0), "output_q": TensorScale(1e-4, 0)}, "shifted left by"),
    ],
)
def test_a_layer_that_no_engine_could_run_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SertoolError, match=message) as refusal:
        layer(**changes)
    assert "layer 'dense0'" in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shift": np.zeros(2, np.int64)}, "bias, multiplier or shift"),
        ({"activation_min": -129}, "the activation's range is -129"),
        ({"activation_max": -11}, "the activation's range is -10 ... -11"),
    ],
)
def test_a_layer_put_together_wrongly_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        dataclasses.replace(layer(), **changes).check_sums()


def test_accumulator_bounds_are_reached_and_not_passed() -> None:
    made = layer()
    low, high = made.accumulator_bounds()
    corners = np.array(np.meshgrid(*[[-128, 127]] * 3)).reshape(3, -1).T - made.input_quantization.zero_point
    sums = corners @ made.weights.T.astype(int) + made.bias
    assert (low == sums.min(axis=0)).all()
    assert (high == sums.max(axis=0)).all()


def test_a_classifier_ends_in_probabilities_and_label() -> None:
    graph = network([6, 5, 4], ["8", "1"])
    assert [part.name for part in graph.layers] == ["dense0", "dense1", "probabilities", "label"]
    assert [str(width) for width in graph.plan] == ["8", "1"]
    assert graph.logits.name == "dense1"


def changed(graph: IntegerGraph, number: int, **changes: Any) -> IntegerGraph:
    layers = list(graph.layers)
    layers[number] = dataclasses.replace(layers[number], **changes)
    return dataclasses.replace(graph, layers=tuple(layers))


@pytest.mark.parametrize(
    ("number", "changes", "message"),
    [
        (1, {"input": "input"}, r"the layer reads 5 values of 'input'\n.*dense1.*\n.*'input', of shape \[6\]"),
        (2, {"input": "dense0"}, r"the layer reads 4 values of 'dense0'"),
        (3, {"size": 3}, "the layer reads 3 values"),
        (1, {"input_quantization": TensorScale(1.0, 0)}, "what that tensor is quantized with"),
        (0, {"name": "dense 0"}, "letters, digits and underscores"),
        (0, {"name": "features"}, "'features' is taken"),
        (0, {"name": "dense1"}, "'dense1' is taken"),
    ],
)
def test_layers_that_do_not_fit_each_other_are_refused(
    number: int, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(SertoolError, match=message):
        check_graph(changed(network([6, 5, 4], ["8", "8"]), number, **changes))


def test_layers_may_branch() -> None:
    graph = network([6, 5, 4], ["8", "8"])
    first, second, *ends = graph.layers
    beside = dataclasses.replace(second, name="beside")
    check_graph(dataclasses.replace(graph, layers=(first, beside, second, *ends)))


def test_a_layer_that_reads_what_is_not_yet_there_is_refused() -> None:
    graph = network([6, 5, 4], ["8", "8"])
    first, second, softmax, label = graph.layers
    with pytest.raises(SertoolError, match=r"reads 'dense1'\n.*probabilities.*\n.*: input, dense0$"):
        check_graph(dataclasses.replace(graph, layers=(first, softmax, second, label)))


@pytest.mark.parametrize("labels", [["a"], ["a", "a"], ["a", "b", "c"]])
def test_labels_have_to_fit_the_classes(labels: list[str]) -> None:
    with pytest.raises(SertoolError, match="allowed: 2 different labels"):
        classifier([layer()], labels)


def test_no_layers_make_no_graph() -> None:
    with pytest.raises(SertoolError, match="the graph has no layer"):
        classifier([], [])
    with pytest.raises(SertoolError, match="the graph has no layer"):
        check_graph(dataclasses.replace(network([2, 2], ["8"]), layers=()))


def test_logits_too_fine_for_softmax_are_refused() -> None:
    tiny = layer(output_q=TensorScale(2.0**-26, 0), input_q=TensorScale(2.0**-27, 0), bias=[0.0, 0.0])
    with pytest.raises(SertoolError, match="not above"):
        classifier([tiny], ["a", "b"])


def test_equality_sees_a_single_integer() -> None:
    graph = network([6, 5, 4], ["8", "8"])
    bias = graph.weighted[1].bias.copy()
    assert equal(graph, network([6, 5, 4], ["8", "8"]))
    bias[3] += 1
    assert not equal(graph, changed(graph, 1, bias=bias))
    assert not equal(graph, dataclasses.replace(graph, labels=("a", "b", "c", "d")))
    assert not equal(graph, dataclasses.replace(graph, layers=graph.layers[:-1]))


def test_a_single_output_takes_the_nearest_scale_at_which_runtimes_multiply_alike() -> None:
    rng = np.random.default_rng(0)
    moved = []
    for _ in range(200):
        source, scale, output = np.exp(rng.uniform(-6, 0, 3)).astype(np.float32)
        made = layer(
            codes=np.array([[1, -1]]), weight_scales=[scale], bias=[0.5], input_q=TensorScale(source, 0),
            output_q=TensorScale(output, 0),
        )  # fmt: skip
        scales = (made.input_quantization, made.weight_scales, made.output_quantization)
        assert alike(*scales).all()
        for product in ScaleProduct:
            multiplier, shift = multipliers(made.name, *scales, product)
            assert (multiplier.tolist(), shift.tolist()) == (made.multiplier.tolist(), made.shift.tolist())
        if alike(scales[0], np.array([scale], np.float32), scales[2]).all():
            assert made.weight_scales[0] == scale
        moved.append(abs(float(made.weight_scales[0] / np.float64(scale)) - 1))
    assert np.mean(moved) < 2e-5


def test_no_nearer_scale_than_the_one_taken_is_multiplied_alike() -> None:
    source, output, scale = TensorScale(0.0026362359, 0), TensorScale(1.8272560835, 0), np.float32(0.0407568775)
    taken = nearest_alike("dense0", source, scale, output)
    distance = abs(int(taken.view(np.int32)) - int(scale.view(np.int32)))
    assert distance > 0
    nearer = scale.view(np.int32) + np.arange(1 - distance, distance)
    assert not alike(source, nearer.astype(np.int32).view(np.float32), output).any()


def test_scales_that_runtimes_multiply_alike_stay() -> None:
    made = layer(codes=np.array([[1, -1]]), weight_scales=[0.3], bias=[0.5])
    assert made.weight_scales.tolist() == [np.float32(0.3)]
    several = layer(weight_scales=[0.3, 0.7], input_q=TensorScale(0.0026362359, 0))
    assert several.weight_scales.tolist() == [np.float32(0.3), np.float32(0.7)]


def test_where_no_scale_near_is_multiplied_alike_the_layer_is_refused() -> None:
    # A mantissa of 2^23 + 1 leaves the same remainder, far from 0, for all weight scales near 1.5.
    source = TensorScale(1 + 2.0**-23, 0)
    with pytest.raises(SertoolError, match=r"no weight scale near 1\.5 gives one multiplier in every runtime"):
        layer(codes=np.array([[1, -1]]), weight_scales=[1.5], bias=[0.5], input_q=source)


def test_one_scale_for_the_tensor_needs_equal_scales() -> None:
    with pytest.raises(SertoolError, match=r"scales from 0.25 to 0.5\n.*dense0.*\n.*equal scales"):
        layer(one_scale=True)


def test_what_would_wrap_before_the_clamp_is_refused() -> None:
    # Runtimes add the zero point to a sum near the end of int32, and then clamp.
    below_one = 1 - 2.0**-24
    given = {
        "input_q": TensorScale(1.0, 0),
        "output_q": TensorScale(1.0, 127),
        "weight_scales": [below_one, 0.5],
    }
    with pytest.raises(SertoolError, match="output 0 can leave int32 before it is clamped"):
        layer(bias=[(2**31 - 383) * below_one, 0.0], **given)
    layer(bias=[(2**31 - 700) * below_one, 0.0], **given)


def test_a_softmax_that_tflm_would_abort_at_is_refused() -> None:
    assert network([2, 511], ["8"]).layers[1].name == "probabilities"
    with pytest.raises(SertoolError, match="softmax of 512 values"):
        network([2, 512], ["8"])
