"""What a written .tflite holds, and that reading gives the graph back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import network
from sertool import tflite
from sertool.errors import SertoolError
from sertool.graph import IntegerGraph, Rounding, TensorScale, Width, classifier, fully_connected
from sertool.graph.graph import equal
from sertool.tflite import flatbuffer
from sertool.tflite.schema import MODEL, Activation
from sertool.tflite.view import view

WORDS = ["1", "ternary", "2", "3", "4", "5", "6", "7", "8"]


@st.composite
def networks(draw: st.DrawFn) -> IntegerGraph:
    plan = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
    sizes = draw(st.lists(st.integers(1, 12), min_size=len(plan) + 1, max_size=len(plan) + 1))
    return network(sizes, plan, seed=draw(st.integers(0, 99)), rounding=draw(st.sampled_from(Rounding)))


@settings(max_examples=60, deadline=None)
@given(networks())
def test_reading_gives_back_what_was_written(graph: IntegerGraph) -> None:
    metadata = {"frontend": {"hop": 256, "name": "laq180"}, "standardizer": [1, -2, 3]}
    model = tflite.write(graph, metadata)
    again, found = tflite.read(model)
    assert equal(again, graph)
    assert found == {
        **metadata,
        "format": 2,
        "labels": list(graph.labels),
        "plan": [str(width) for width in graph.plan],
        "rounding": graph.rounding.value,
    }
    assert tflite.write(again, found) == model


def test_a_path_is_read_as_bytes_are(tmp_path: Path) -> None:
    graph = network([6, 4], ["3"])
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite.write(graph))
    assert equal(tflite.read(path)[0], graph)


def test_constants_lie_on_16_bytes() -> None:
    model = tflite.write(network([33, 17, 5], ["8", "1"]))
    start = np.frombuffer(model, np.uint8).__array_interface__["data"][0]
    buffers = flatbuffer.decode(MODEL, model, b"TFL3")["buffers"]
    places = [buffer["data"].__array_interface__["data"][0] - start for buffer in buffers[1:]]
    assert [place % 16 for place in places] == [0] * len(places)


def test_operators_tensors_and_outputs_are_named_as_people_expect() -> None:
    content = view(tflite.write(network([33, 17, 5], ["8", "1"])))
    assert [step.name for step in content.steps] == ["FULLY_CONNECTED"] * 2 + ["SOFTMAX", "ARG_MAX"]
    assert [step.outputs[0].name for step in content.steps] == ["dense0", "dense1", "probabilities", "label"]
    assert content.steps[0].inputs[1] is not None
    assert content.steps[0].inputs[1].name == "dense0/weights"
    assert [step.options.get("fused_activation_function") for step in content.steps[:2]] == [
        Activation.RELU,
        Activation.NONE,
    ]
    record = flatbuffer.decode(MODEL, tflite.write(network([3, 2], ["8"])), b"TFL3")
    assert record["version"] == 3
    assert {code["builtin_code"]: code["version"] for code in record["operator_codes"]} == {9: 4, 25: 2, 56: 2}
    (subgraph,) = record["subgraphs"]
    assert [subgraph["tensors"][number]["name"] for number in subgraph["outputs"]] == ["probabilities", "label"]


def test_metadata_is_sorted_json() -> None:
    content = view(tflite.write(network([3, 2], ["8"]), {"b": 1, "a": "ä"}))
    assert content.metadata["sertool"].startswith(b'{"a":')
    assert list(json.loads(content.metadata["sertool"])) == ["a", "b", "format", "labels", "plan", "rounding"]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, np.int32(3)])
def test_metadata_that_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(SertoolError, match="metadata is not JSON"):
        tflite.write(network([3, 2], ["8"]), {"spec": value})


def with_logits(graph: IntegerGraph, **changes: Any) -> IntegerGraph:
    (logits,) = graph.weighted
    return classifier([dataclasses.replace(logits, **changes)], graph.labels)


def one_scale(rng: np.random.Generator, activation: tuple[int, int] = (-128, 127)) -> IntegerGraph:
    """A graph as files with one weight scale for the tensor give it."""
    layer = fully_connected(
        "dense0",
        "input",
        rng.integers(-127, 128, (6, 5)),
        np.full(6, rng.uniform(0.001, 0.1)),
        rng.normal(0, 0.1, 6),
        TensorScale(float(rng.uniform(0.01, 0.1)), 4),
        TensorScale(6 / 100, -50),
        False,
        Width(8),
        one_scale=True,
    )
    low, high = activation
    changed = dataclasses.replace(layer, activation_min=low, activation_max=high)
    return classifier([changed], [f"label{index}" for index in range(6)])


def test_one_scale_for_the_tensor_survives() -> None:
    rng = np.random.default_rng(0)
    counts = set()
    for _ in range(30):
        graph = one_scale(rng)
        model = tflite.write(graph)
        assert equal(tflite.read(model)[0], graph)
        weights = view(model).steps[0].inputs[1]
        assert weights is not None
        counts.add(len(weights.scales))
    assert counts == {1}


@pytest.mark.parametrize(
    ("activation", "clamp"), [("RELU6", (-50, 50)), ("RELU", (-50, 127)), ("NONE", (-128, 127))]
)
def test_clamps_become_fused_activations(activation: str, clamp: tuple[int, int]) -> None:
    graph = one_scale(np.random.default_rng(1), clamp)
    model = tflite.write(graph)
    assert view(model).steps[0].options["fused_activation_function"] == Activation[activation]
    assert equal(tflite.read(model)[0], graph)


def test_a_clamp_that_tflite_cannot_express_is_refused() -> None:
    graph = with_logits(network([3, 2], ["8"]), activation_min=-77)
    with pytest.raises(SertoolError, match=r"no TFLite activation clamps to -77 ... 127\n.*dense0.*\n.*RELU6"):
        tflite.write(graph)


def test_multipliers_that_no_runtime_derives_are_refused() -> None:
    graph = network([3, 2], ["8"])
    wrong = with_logits(graph, multiplier=graph.weighted[-1].multiplier ^ 1)
    with pytest.raises(SertoolError, match="not those that every runtime would derive"):
        tflite.write(wrong)


def test_a_tensor_at_scale_one_is_quantized_too() -> None:
    codes, one = np.array([[1, -1], [2, 3]]), TensorScale(1.0, 0)
    layer = fully_connected("dense0", "input", codes, [0.5, 0.25], [0.0, 1.0], one, one, False, Width(3))
    graph, _ = tflite.read(tflite.write(classifier([layer], ["a", "b"])))
    assert graph.input.quantization == graph.weighted[0].output_quantization == one
