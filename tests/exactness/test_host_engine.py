from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from networks import inputs, network
from sertool.engines.host import HostEngine
from sertool.errors import SertoolError
from sertool.firmware.core import core_sources
from sertool.firmware.program import model_sources
from sertool.frontend import Frontend, preset
from sertool.graph import IntegerGraph, Rounding, reference
from sertool.graph.build import network as network_of
from sertool.standardization import Standardizer

SPEC = preset("laq180")
PLAN = ("1", "1", "4", "4", "8")
SIZES = (180, 512, 128, 64, 32, 7)


def sound(samples: int, seed: int = 0) -> NDArray[np.int16]:
    rng = np.random.default_rng(seed)
    time = np.arange(samples) / 16000
    voice = 6000 * np.sin(2 * np.pi * (140 + 30 * seed) * time) * (1 + 0.5 * np.sin(9 * time))
    return (voice + rng.normal(0, 300, samples)).astype(np.int16)


@pytest.fixture(scope="module")
def standardizer() -> Standardizer:
    frontend = Frontend(SPEC)
    return Standardizer.fit(np.stack([frontend.features(sound(8000, seed)) for seed in range(4)]))


@pytest.fixture(scope="module")
def graph(standardizer: Standardizer) -> IntegerGraph:
    return network(SIZES, PLAN, seed=5)


def check(graph: IntegerGraph, engine: HostEngine, given: NDArray[np.int8]) -> None:
    expected = reference.run(graph, given)
    got = engine.run(given)
    assert list(got) == list(expected)
    for name, values in expected.items():
        assert got[name].dtype == values.dtype, name
        assert np.array_equal(got[name], values), (name, np.argwhere(got[name] != values)[0])


@pytest.mark.parametrize("rounding", list(Rounding))
def test_every_layer_equals_the_reference(graph: IntegerGraph, rounding: Rounding) -> None:
    rounded = dataclasses.replace(graph, rounding=rounding)
    with HostEngine(rounded) as engine:
        check(rounded, engine, inputs(rounded, 64))


def test_a_skipping_graph_runs() -> None:
    straight = network([33, 12, 12, 12, 5], ["3", "ternary", "7", "8"], seed=2)
    first, second, third, last, *ends = straight.layers
    skipping = dataclasses.replace(
        straight,
        layers=(
            first,
            second,
            dataclasses.replace(third, input=first.name, input_quantization=first.output_quantization),
            last,
            *ends,
        ),
    )
    with HostEngine(skipping) as engine:
        check(skipping, engine, inputs(skipping, 20))


def test_an_empty_batch_gives_empty_layers(graph: IntegerGraph) -> None:
    with HostEngine(graph) as engine:
        check(graph, engine, np.zeros((0, 180), np.int8))


def test_sound_is_classified_as_python_predicts(graph: IntegerGraph, standardizer: Standardizer) -> None:
    frontend = Frontend(SPEC)
    clips = [sound(5000 + 777 * seed, seed) for seed in range(5)]
    features = np.stack([frontend.features(clip) for clip in clips])
    given = standardizer.apply(features)
    expected = reference.run(graph, given)
    with HostEngine(graph, SPEC, standardizer) as engine, HostEngine(graph, SPEC, standardizer) as other:
        for number, clip in enumerate(clips):
            made = engine.classify(clip)
            other.classify(clips[0])
            assert np.array_equal(made.features, features[number])
            assert np.array_equal(made.input, given[number])
            assert made.label == expected["label"][number, 0]
            for name, values in expected.items():
                assert np.array_equal(made.trace[name][0], values[number]), name


def test_two_engines_share_no_state(graph: IntegerGraph, standardizer: Standardizer) -> None:
    with HostEngine(graph, SPEC, standardizer) as one, HostEngine(graph, SPEC, standardizer) as other:
        assert one._library._handle != other._library._handle


def test_wrong_inputs_are_refused(graph: IntegerGraph) -> None:
    with HostEngine(graph) as engine, pytest.raises(SertoolError, match="int8 of shape"):
        engine.run(np.zeros((2, 179), np.int8))


def test_sound_needs_a_front_end(graph: IntegerGraph) -> None:
    with HostEngine(graph) as engine, pytest.raises(SertoolError, match="without a front end"):
        engine.classify(sound(5000))


@pytest.mark.parametrize(
    ("pcm", "what"),
    [
        (np.zeros(1023, np.int16), "too short: 1023 samples"),
        (np.zeros(0, np.int16), "too short: 0 samples"),
        (np.zeros(5000, np.float32), "the sound is float32"),
        (np.zeros((2, 5000), np.int16), r"int16 of shape \(2, 5000\)"),
    ],
)
def test_unfit_sound_is_refused(
    graph: IntegerGraph, standardizer: Standardizer, pcm: NDArray[np.int16], what: str
) -> None:
    with HostEngine(graph, SPEC, standardizer) as engine, pytest.raises(SertoolError, match=what):
        engine.classify(pcm)


def test_only_the_kernels_of_the_plan_are_there(graph: IntegerGraph, standardizer: Standardizer) -> None:
    kernels = {
        path.rsplit("/", 1)[1]
        for path in core_sources(graph, SPEC, standardizer)
        if path.startswith("runtime/kernels/") and path.endswith(".c")
    }
    assert kernels == {
        "argmax_int8.c", "dense_w1.c", "dense_w4.c", "dense_w8.c", "prepare_pairs.c", "requantize_double.c",
        "softmax_int8.c",
    }  # fmt: skip


def test_sources_are_the_same_each_time_and_say_what_they_are(graph: IntegerGraph) -> None:
    first, second = model_sources(graph), model_sources(network(SIZES, PLAN, seed=5))
    assert first == second
    for name in ("generated/ser_model.h", "generated/ser_model.c"):
        assert first[name].startswith("/* Generated by sertool from an integer graph (sha256 ")


def test_a_front_end_of_another_size_is_refused(standardizer: Standardizer) -> None:
    with pytest.raises(SertoolError, match="gives 180 features, the model reads 24"):
        core_sources(network([24, 4], ["8"]), SPEC, standardizer)


def test_a_model_without_its_ends_is_refused(graph: IntegerGraph, standardizer: Standardizer) -> None:
    with pytest.raises(SertoolError, match="the model has no label"):
        core_sources(network_of(graph.layers[:-1], graph.labels), SPEC, standardizer)


def test_the_largest_softmax_equals_the_reference() -> None:
    largest = network([4, 511], ["8"])
    with HostEngine(largest) as engine:
        check(largest, engine, inputs(largest, 20))
