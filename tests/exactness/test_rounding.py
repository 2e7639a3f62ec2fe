"""Which runtime rounds how, pinned: a change in a package shows here first."""

from __future__ import annotations

import dataclasses
import os
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from networks import inputs, network
from sertool import tflite
from sertool.engines.tflm import TflmEngine
from sertool.graph import IntegerGraph, Rounding, reference
from sertool.graph.arithmetic import saturating_rounding_doubling_high_mul
from sertool.tflite.locate import layer_tensors

Trace = dict[str, NDArray[Any]]
CLIPS = 2000


@pytest.fixture(scope="module")
def graph() -> IntegerGraph:
    """A net whose last layer is signed: only there do negative ties survive the clamp."""
    return network([180, 96, 64, 33, 8], ["8", "8", "4", "8"], seed=3)


@pytest.fixture(scope="module")
def clips(graph: IntegerGraph) -> NDArray[np.int8]:
    return inputs(graph, CLIPS)


def expected(graph: IntegerGraph, clips: NDArray[np.int8], rounding: Rounding) -> Trace:
    return reference.run(dataclasses.replace(graph, rounding=rounding), clips)


def interpreted(graph: IntegerGraph, clips: NDArray[np.int8], package: ModuleType, resolver: str) -> Trace:
    model = tflite.write(graph)
    interpreter = package.Interpreter(
        model_content=model,
        num_threads=1,
        experimental_op_resolver_type=package.OpResolverType[resolver],
        experimental_preserve_all_tensors=True,
    )
    number = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(number, clips.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(number, clips)
    interpreter.invoke()
    return {
        name: interpreter.get_tensor(tensor).reshape(len(clips), -1)
        for name, tensor in layer_tensors(model, graph).items()
    }


def mismatches(one: Trace, other: Trace) -> dict[str, int]:
    return {name: int((one[name] != other[name]).sum()) for name in one}


def exact(trace: Trace) -> dict[str, int]:
    return dict.fromkeys(trace, 0)


def ties_up(graph: IntegerGraph, clips: NDArray[np.int8]) -> Trace:
    """Double rounding whose second step rounds ties upwards instead of away from zero."""
    values: Any = clips
    trace: Trace = {}
    for layer in graph.dense:
        left, right = np.maximum(layer.shift, 0), np.maximum(-layer.shift.astype(np.int64), 0)
        high = saturating_rounding_doubling_high_mul(
            reference.accumulate(layer, values) << left, layer.multiplier
        )
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
    from tflite_runtime import interpreter

    trace = interpreted(graph, clips, interpreter, "BUILTIN_REF")
    assert mismatches(trace, expected(graph, clips, Rounding.DOUBLE)) == exact(trace)
    assert mismatches(trace, expected(graph, clips, Rounding.SINGLE))["dense3"] > 0


@pytest.mark.parametrize("resolver", ["AUTO", "BUILTIN", "BUILTIN_WITHOUT_DEFAULT_DELEGATES"])
def test_tflite_runtimes_optimized_kernels_round_final_ties_upwards(
    graph: IntegerGraph, clips: NDArray[np.int8], resolver: str
) -> None:
    from tflite_runtime import interpreter

    trace = interpreted(graph, clips, interpreter, resolver)
    variant = ties_up(graph, clips)
    assert mismatches(variant, trace) == exact(variant)
    differ = mismatches(trace, expected(graph, clips, Rounding.DOUBLE))
    assert differ["dense0"] == differ["dense1"] == differ["dense2"] == 0
    assert 0 < differ["dense3"] < 0.01 * CLIPS * 8


@pytest.mark.slow
def test_tensorflows_reference_kernels_round_once(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tensorflow.lite.python import interpreter

    trace = interpreted(graph, clips, interpreter, "BUILTIN_REF")
    assert mismatches(trace, expected(graph, clips, Rounding.SINGLE)) == exact(trace)
    assert mismatches(trace, expected(graph, clips, Rounding.DOUBLE))["dense0"] > 0


@pytest.mark.slow
def test_tensorflows_optimized_kernels_round_twice_ties_upwards(
    graph: IntegerGraph, clips: NDArray[np.int8]
) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tensorflow.lite.python import interpreter

    trace = interpreted(graph, clips, interpreter, "BUILTIN_WITHOUT_DEFAULT_DELEGATES")
    variant = ties_up(graph, clips)
    assert mismatches(variant, trace) == exact(variant)


@pytest.mark.slow
def test_tensorflows_default_is_neither(graph: IntegerGraph, clips: NDArray[np.int8]) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tensorflow.lite.python import interpreter

    trace = interpreted(graph, clips, interpreter, "AUTO")
    for rounding in Rounding:
        assert mismatches(trace, expected(graph, clips, rounding))["dense0"] > 0
