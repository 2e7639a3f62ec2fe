"""Which runtime rounds how, pinned: a change in a package shows here first."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from networks import inputs, network
from sertool import tflite
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.engines.tflm import TflmEngine
from sertool.graph import IntegerGraph, Rounding, reference
from sertool.graph.arithmetic import saturating_rounding_doubling_high_mul
from sertool.tflite.locate import layer_tensors

Trace = dict[str, NDArray[Any]]
CLIPS = 2000
RUNTIME = "tflite_runtime.interpreter"
TENSORFLOW = "tensorflow.lite.python.interpreter"


@pytest.fixture(scope="module")
def graph() -> IntegerGraph:
    """A net whose last layer is signed: only there do negative ties survive the clamp."""
    return network([180, 96, 64, 33, 8], ["8", "8", "4", "8"], seed=3)


@pytest.fixture(scope="module")
def clips(graph: IntegerGraph) -> NDArray[np.int8]:
    return inputs(graph, CLIPS)


def expected(graph: IntegerGraph, clips: NDArray[np.int8], rounding: Rounding) -> Trace:
    return reference.run(dataclasses.replace(graph, rounding=rounding), clips)


def interpreted(graph: IntegerGraph, clips: NDArray[np.int8], module: str, resolver: str) -> Trace:
    model = tflite.write(graph)
    tensors = layer_tensors(model, graph)
    process = InterpreterProcess(module, ("tflite", module, resolver), model, list(tensors.values()))
    outputs = process.run([clips])
    process.close()
    return {layer: outputs[number] for layer, number in tensors.items()}


def mismatches(one: Trace, other: Trace) -> dict[str, int]:
    return {name: int((one[name] != other[name]).sum()) for name in one}


def exact(trace: Trace) -> dict[str, int]:
    return dict.fromkeys(trace, 0)


def ties_up(graph: IntegerGraph, clips: NDArray[np.int8]) -> Trace:
    """Double rounding whose second step rounds ties upwards instead of away from zero."""
    values: Any = clips
    trace: Trace = {}
    for layer in graph.weighted:
        left, right = np.maximum(layer.shift, 0), np.maximum(-layer.shift.astype(np.int64), 0)
        high = saturating_rounding_doubling_high_mul(layer.accumulate(values) << left, layer.multiplier)
        scaled = (high + ((np.int64(1) << right) >> 1)) >> right
        codes = np.clip(
            scaled + layer.output_quantization.zero_point, layer.activation_min, layer.activation_max
        )
        values = trace[layer.name] = codes.astype(np.int8)
    return trace


def test_tflm_rounds_twice(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    trace = dict(TflmEngine(tflite.write(graph), graph).run(clips))
    assert mismatches(trace, expected(graph, clips, Rounding.DOUBLE)) == exact(trace)
    assert mismatches(trace, expected(graph, clips, Rounding.SINGLE))["dense3"] > 0


def test_tflite_runtimes_reference_kernels_round_twice(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    trace = interpreted(graph, clips, RUNTIME, "BUILTIN_REF")
    assert mismatches(trace, expected(graph, clips, Rounding.DOUBLE)) == exact(trace)
    assert mismatches(trace, expected(graph, clips, Rounding.SINGLE))["dense3"] > 0


@pytest.mark.parametrize("resolver", ["AUTO", "BUILTIN", "BUILTIN_WITHOUT_DEFAULT_DELEGATES"])
def test_tflite_runtimes_optimized_kernels_round_final_ties_upwards(
    graph: IntegerGraph, clips: NDArray[np.int8], resolver: str
) -> None:
    trace = interpreted(graph, clips, RUNTIME, resolver)
    variant = ties_up(graph, clips)
    assert mismatches(variant, trace) == exact(variant)
    differ = mismatches(trace, expected(graph, clips, Rounding.DOUBLE))
    assert differ["dense0"] == differ["dense1"] == differ["dense2"] == 0
    assert 0 < differ["dense3"] < 0.01 * CLIPS * 8


@pytest.mark.slow
def test_tensorflows_reference_kernels_round_once(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    trace = interpreted(graph, clips, TENSORFLOW, "BUILTIN_REF")
    assert mismatches(trace, expected(graph, clips, Rounding.SINGLE)) == exact(trace)
    assert mismatches(trace, expected(graph, clips, Rounding.DOUBLE))["dense0"] > 0


@pytest.mark.slow
def test_tensorflows_optimized_kernels_round_twice_ties_upwards(
    graph: IntegerGraph, clips: NDArray[np.int8]
) -> None:
    trace = interpreted(graph, clips, TENSORFLOW, "BUILTIN_WITHOUT_DEFAULT_DELEGATES")
    variant = ties_up(graph, clips)
    assert mismatches(variant, trace) == exact(variant)


@pytest.mark.slow
def test_tensorflows_default_is_neither(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    trace = interpreted(graph, clips, TENSORFLOW, "AUTO")
    for rounding in Rounding:
        assert mismatches(trace, expected(graph, clips, rounding))["dense0"] > 0
