"""A temperature changes probabilities and no other integer, and every runtime makes the same ones of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import inputs, network
from sertool import laq, tflite
from sertool.engines.base import Engine
from sertool.engines.host import HostEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.graph import IntegerGraph, Role, TensorScale, classifier, fully_connected, reference
from sertool.graph.graph import equal
from sertool.graph.operators.softmax import softmax
from sertool.graph.temperature import factor, temperable, tempered
from sertool.training import Examples

TEMPERATURES = (1 / 8, 0.4, 0.999, 1.0, 1.37, 2.0, 7.9)


def temperable_network(seed: int, classes: int = 5) -> IntegerGraph:
    """A network of random codes whose last layer has scales of 16 bits, as `laq.integer_graph` makes it."""
    graph = network([12, 6, classes], ["4", "8"], seed=seed)
    last = graph.weighted[-1]
    output = last.output_quantization
    bias = last.bias * last.weight_scales.astype(np.float64) * last.input_quantization.scale
    made = fully_connected(
        last.name,
        last.input,
        last.weights,
        temperable(last.weight_scales),
        bias,
        last.input_quantization,
        TensorScale(float(temperable(output.scale)), output.zero_point),
        False,
        last.width,
    )
    return classifier([*graph.weighted[:-1], made], graph.labels)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.floats(1 / 8, 8), st.integers(2, 9))
def test_only_probabilities_change_and_no_label(seed: int, temperature: float, classes: int) -> None:
    graph = temperable_network(seed, classes)
    hot, clips = tempered(graph, temperature), inputs(graph, 50, seed=seed)
    one, other = reference.run(graph, clips), reference.run(hot, clips)
    for layer in graph.layers:
        if layer.name != graph.roles[Role.PROBABILITIES]:
            assert np.array_equal(one[layer.name], other[layer.name]), layer.name
    for before, after in zip(graph.weighted, hot.weighted, strict=True):
        for name in ("weights", "bias", "multiplier", "shift"):
            assert np.array_equal(getattr(before, name), getattr(after, name)), name
    # The logits' scale is in the softmax alone, and the file's scales give the graph back.
    scale = graph.logits.quantization.scale
    wanted = softmax(np.asarray(one[graph.logits.name], np.int8), scale * factor(temperature))
    assert np.array_equal(other[graph.roles[Role.PROBABILITIES]], wanted)
    assert equal(tflite.read(tflite.write(hot))[0], hot)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_every_runtime_gives_the_same_integers(temperature: float) -> None:
    graph = tempered(temperable_network(3), temperature)
    model, clips = tflite.write(graph), inputs(graph, 200)
    expected = reference.run(graph, clips)
    engines: list[Engine] = [TflmEngine(model, graph), TfliteEngine(model, graph), HostEngine(graph)]
    for engine in engines:
        with engine:
            trace = engine.run(clips)
            assert trace.keys() >= {"probabilities", "label"}
            for name, values in trace.items():
                assert np.array_equal(values, expected[name]), (engine.name, name)


def test_scales_of_more_bits_are_refused() -> None:
    graph = network([12, 6, 5], ["4", "8"])
    with pytest.raises(SertoolError, match=r"1\.37 would change the logits"):
        tempered(graph, 1.37)
    assert equal(tempered(graph, 1.0), graph)


def test_one_over_a_temperature_has_8_bits_and_scales_16() -> None:
    assert factor(1) == 1 and factor(2) == 0.5 and factor(1 / 3) == 3
    assert factor(1 / (1 + 2**-8)) == 1 and factor(1 / (1 + 2**-7)) == 1 + 2**-7
    assert temperable([1.0, 1 + 2**-16, 1 + 2**-15]).tolist() == [1, 1, 1 + 2**-15]


def softened(
    graph: IntegerGraph, clips: np.ndarray[tuple[int, ...], np.dtype[np.int8]], heat: float
) -> Examples:
    """Labels drawn from what the graph's logits say at a temperature of `heat`."""
    logits = np.asarray(reference.run(graph, clips)[graph.logits.name], np.float64)
    powers = np.exp((logits - logits.max(axis=1, keepdims=True)) * graph.logits.quantization.scale / heat)
    chances = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    drawn = np.random.default_rng(1).random((len(clips), 1))
    return Examples(clips, (chances < drawn).sum(axis=1).clip(0, chances.shape[1] - 1))


@pytest.mark.parametrize("heat", [0.5, 1.0, 3.0])
def test_the_temperature_that_labels_were_drawn_at_is_found(heat: float) -> None:
    graph = temperable_network(5)
    clips = inputs(graph, 4000)
    examples = softened(graph, clips, heat)
    found = laq.best_temperature(graph, examples)
    assert found == pytest.approx(heat, rel=0.15)
    # Of a network that has it already there is nothing left to divide by.
    assert laq.best_temperature(tempered(graph, found), examples) == pytest.approx(1, rel=0.01)


def test_a_network_that_is_always_right_is_not_infinitely_sure() -> None:
    graph = temperable_network(5)
    clips = inputs(graph, 40)
    truth = reference.run(graph, clips)["label"][:, 0]
    found = laq.best_temperature(graph, Examples(clips, truth.astype(np.int64)))
    assert 1 / 8 < found < 8


def test_answers_are_with_and_without_temperature() -> None:
    graph = temperable_network(7)
    clips = inputs(graph, 60)
    hot = laq.answers(tempered(graph, 2.6), clips, 2.6)
    cold = laq.answers(graph, clips, 1.0)
    assert np.array_equal(hot.labels, cold.labels)
    assert np.array_equal(hot.untempered, cold.confidence)
    assert np.array_equal(cold.untempered, cold.confidence)
    assert (hot.confidence <= cold.confidence).all() and (hot.confidence < cold.confidence).any()


def test_a_model_keeps_its_temperature_in_its_file() -> None:
    graph = temperable_network(1)
    layers = tuple(
        laq.QuantizedLayer(
            each.name,
            each.weights,
            each.weight_scales,
            (each.bias * each.weight_scales * each.input_quantization.scale).astype(np.float32),
            each.output_quantization,
            each is not graph.weighted[-1],
            each.width,
        )
        for each in graph.weighted
    )
    model = laq.QuantizedModel(layers, graph.labels, graph.input.quantization, 1 / factor(1.7))
    again = laq.load(laq.save(model))
    assert again.temperature == model.temperature
    cold = laq.integer_graph(dataclasses.replace(model, temperature=1.0))
    assert equal(laq.integer_graph(again), tempered(cold, 1.7))
