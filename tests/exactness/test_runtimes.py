"""Reference, TensorFlow Lite Micro and TensorFlow Lite give the same integers after every layer."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from networks import inputs, network
from sertool import tflite
from sertool.baselines.clustering import table_graph
from sertool.engines.base import Engine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.graph import IntegerGraph, Rounding, TensorScale, classifier, fully_connected
from sertool.training import DenseLayer, FloatModel
from sertool.verify import Comparison, compare, of_run, require
from tflite_editing import edited

WIDTHS = ["1", "ternary", "2", "3", "4", "5", "6", "7", "8"]
#: Sizes, plan: every width alone in odd shapes; then mixtures, the published net and shapes at the edge.
NETWORKS = [([33, 17, 9, 5], [width] * 3) for width in WIDTHS] + [
    ([180, 512, 128, 64, 32, 7], ["1", "1", "4", "4", "8"]),
    ([61, 31, 16, 4], ["8", "ternary", "3"]),
    ([1, 1, 2], ["8", "1"]),
    ([7, 1, 3], ["2", "5"]),
    ([300, 3], ["6"]),
]


def run_all(graph: IntegerGraph, engines: dict[str, Engine], clips: np.ndarray) -> Comparison:
    expected = of_run(clips, ReferenceEngine(graph).run(clips))
    names = [f"clip{number}" for number in range(len(clips))]
    results = {}
    for name, engine in engines.items():
        with engine:
            results[name] = of_run(clips, engine.run(clips))
    return compare(names, expected, results)


@pytest.mark.parametrize(
    ("sizes", "plan"),
    NETWORKS,
    ids=["-".join(map(str, sizes)) + "@" + ",".join(plan) for sizes, plan in NETWORKS],
)
def test_runtimes_equal_the_reference_after_every_layer(sizes: list[int], plan: list[str]) -> None:
    graph = network(sizes, plan, seed=sum(sizes))
    model = tflite.write(graph)
    engines = {"tflm": TflmEngine(model, graph), "tflite": TfliteEngine(model, graph)}
    comparison = run_all(graph, engines, inputs(graph, 2000))
    require(comparison)
    for engine in comparison.engines:
        assert [layer.layer for layer in engine.layers] == ["input", *(layer.name for layer in graph.layers)]


@pytest.mark.parametrize("scale", [1e-5, 1e-3, 0.01, 0.05, 0.1, 0.3, 1.0, 10.0])
def test_softmax_agrees_from_flat_to_steep_logits(scale: float) -> None:
    rng = np.random.default_rng(4)
    (like,) = network([40, 9], ["8"]).weighted
    logits = fully_connected(
        like.name,
        like.input,
        like.weights,
        rng.uniform(0.002, 0.02, 9),
        rng.normal(0, 20 * scale, 9),
        TensorScale(scale, 3),
        TensorScale(scale, -5),
        False,
        like.width,
    )
    graph = classifier([logits], [f"label{index}" for index in range(9)])
    model = tflite.write(graph)
    engines = {"tflm": TflmEngine(model, graph), "tflite": TfliteEngine(model, graph)}
    require(run_all(graph, engines, inputs(graph, 2000)))


@pytest.mark.parametrize(
    ("sizes", "plan"),
    [
        ([180, 128, 64, 33, 7], ["1", "ternary", "3", "4"]),
        ([200, 96, 64, 8], ["5", "6", "7"]),
        ([400, 16, 4], ["2", "8"]),
        ([2000, 1, 2], ["2", "8"]),
    ],
)
def test_lut_compressed_weights_compute_the_same(sizes: list[int], plan: list[str]) -> None:
    graph = network(sizes, plan, seed=5)
    model = tflite.write(graph)
    compressed = tflite.compress(model)
    assert len(compressed) < len(model)
    assert tflite.compress(model) == compressed
    require(run_all(graph, {"tflm": TflmEngine(compressed, graph)}, inputs(graph, 200)))


@pytest.mark.parametrize(("sizes", "plan"), [([300, 64, 7], ["8", "8"]), ([64, 1, 2], ["2", "1"])])
def test_a_model_that_would_not_shrink_stays_as_it_is(sizes: list[int], plan: list[str]) -> None:
    graph = network(sizes, plan, seed=1)
    model = tflite.write(graph)
    assert tflite.compress(model) == model


def test_an_engine_without_clips_gives_empty_layers() -> None:
    graph = network([5, 3], ["8"])
    model = tflite.write(graph)
    nothing = np.zeros((0, 5), np.int8)
    for engine in (TflmEngine(model, graph), TfliteEngine(model, graph), ReferenceEngine(graph)):
        shapes = {name: values.shape for name, values in engine.run(nothing).items()}
        assert shapes == {"dense0": (0, 3), "probabilities": (0, 3), "label": (0, 1)}


@pytest.mark.parametrize("engine", [TflmEngine, TfliteEngine])
def test_inputs_of_another_shape_are_refused(engine: type[TflmEngine | TfliteEngine]) -> None:
    graph = network([5, 3], ["8"])
    with engine(tflite.write(graph), graph) as running, pytest.raises(SertoolError, match=r"\(clips, 5\)"):
        running.run(np.zeros((2, 4), np.int8))


@pytest.mark.parametrize("engine", [TflmEngine, TfliteEngine])
def test_a_model_of_another_graph_is_refused(engine: type[TflmEngine | TfliteEngine]) -> None:
    model = tflite.write(network([5, 4, 3], ["8", "8"]))
    with pytest.raises(SertoolError, match="has 2 layers with weights, the graph 1"):
        engine(model, network([5, 3], ["8"]))


def test_a_model_that_the_runtime_cannot_run_is_refused() -> None:
    graph = network([180, 64, 7], ["1", "2"])
    compressed = tflite.compress(tflite.write(graph))
    with pytest.raises(SertoolError, match="TensorFlow Lite refuses the model"):
        TfliteEngine(compressed, graph)


def test_a_model_that_tflm_refuses_is_an_error() -> None:
    graph = network([5, 3], ["8"])
    model = edited(tflite.write(graph), lambda record: record["subgraphs"][0]["tensors"][1].update(type=7))
    with pytest.raises(SertoolError, match="TensorFlow Lite Micro refuses the model"):
        TflmEngine(model, graph)


def test_a_process_that_dies_is_an_error() -> None:
    graph = network([5, 3], ["8"])
    engine = TfliteEngine(tflite.write(graph), graph)
    process = engine._process._process
    process.kill()
    process.wait()
    with engine, pytest.raises(SertoolError, match="the process of TensorFlow Lite was ended by SIGKILL"):
        engine.run(inputs(graph, 4))


@pytest.mark.parametrize(
    ("engine", "module", "rounding", "package"),
    [
        (TflmEngine, "tflite_micro", Rounding.DOUBLE, "tflite-micro"),
        (TfliteEngine, "tflite_runtime", Rounding.DOUBLE, "tflite-runtime"),
        (TfliteEngine, "ai_edge_litert", Rounding.SINGLE, "ai-edge-litert"),
    ],
)
def test_a_missing_package_is_named(
    engine: type[TflmEngine | TfliteEngine],
    module: str,
    rounding: Rounding,
    package: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    graph = network([5, 3], ["8"], rounding=rounding)
    with pytest.raises(SertoolError, match=f"needs the package {package}") as refusal:
        engine(tflite.write(graph), graph)
    assert "pip install" in str(refusal.value)


def test_compression_without_its_package_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tflite_micro", None)
    with pytest.raises(SertoolError, match="needs the package tflite-micro"):
        tflite.compress(tflite.write(network([5, 3], ["1"])))


def test_shared_weights_become_one_table_a_layer_and_decode_exactly() -> None:
    random = np.random.default_rng(5)
    layers = []
    for number, (inputs_, outputs) in enumerate(((120, 80), (80, 5)), 1):
        values = random.normal(0, inputs_**-0.5, 16).astype(np.float32)
        weights = random.choice(values, (outputs, inputs_))
        bias = random.normal(0, 0.1, outputs).astype(np.float32)
        layers.append(DenseLayer(f"dense{number}", weights, bias, number == 1))
    features = random.integers(-128, 128, (300, 120)).astype(np.int8)
    graph = table_graph(FloatModel(tuple(layers), tuple("abcde"), TensorScale(2.0**-5, 0)), features)
    model = tflite.write(graph)
    compressed = tflite.compress(model)
    # Indices of 4 bits in the place of a byte a weight, less what the tables and their operators take.
    assert len(compressed) < len(model) - (120 * 80 + 80 * 5) // 2 + 2000
    require(run_all(graph, {"tflm": TflmEngine(compressed, graph)}, features))
