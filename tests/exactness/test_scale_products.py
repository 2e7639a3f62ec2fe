"""How runtimes multiply scales, pinned: a change in a package shows here first."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from foreign_models import foreign_model
from sertool import tflite
from sertool.engines.base import Engine
from sertool.engines.host import HostEngine
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.graph import ScaleProduct, TensorScale, reference

#: Input scale, weight scale, output scale and bias: an accumulator between the two multipliers' roundings.
SOURCE, SCALE, OUTPUT, BIAS = TensorScale(0.0026362359, 0), 0.0407568775, TensorScale(1.8272560835, 0), -1386027
ZERO = np.zeros((1, 1), np.int8)
#: The same layer with one output and one scale; with two and one; with two and two.
ONE = foreign_model([[1]], [SCALE], [BIAS], SOURCE, OUTPUT)
SHARED = foreign_model([[1], [1]], [SCALE], [BIAS, BIAS], SOURCE, OUTPUT)
EACH = foreign_model([[1], [1]], [SCALE, SCALE], [BIAS, BIAS], SOURCE, OUTPUT)
DOUBLE, SINGLE = -82, -81
RUNTIMES = {
    "tflm": ("tflm", "1000000"),
    "tflite": ("tflite", "tflite_runtime.interpreter", "BUILTIN_REF"),
    "litert": ("tflite", "ai_edge_litert.interpreter", "BUILTIN_REF"),
    "tensorflow": ("tflite", "tensorflow.lite.python.interpreter", "BUILTIN_REF"),
}


def outputs(runtime: str, model: bytes) -> list[int]:
    process = InterpreterProcess(runtime, RUNTIMES[runtime], model, [3])
    values: NDArray[Any] = process.run([ZERO])[3]
    process.close()
    return [int(value) for value in values.ravel()]


@pytest.mark.parametrize(("runtime", "one_scale"), [("tflm", DOUBLE), ("tflite", SINGLE)])
def test_runtimes_multiply_one_scale_each_in_its_way_and_several_in_double(
    runtime: str, one_scale: int
) -> None:
    assert outputs(runtime, ONE) == [one_scale]
    assert outputs(runtime, SHARED) == [one_scale, one_scale]
    assert outputs(runtime, EACH) == [DOUBLE, DOUBLE]


#: Rounding once, the double product gives -4 and the float32 product -5.
ROUNDED_ONCE = foreign_model(
    [[1]],
    [0.7069791555404663],
    [-863126],
    TensorScale(0.03280256316065788, 0),
    TensorScale(4448.11572265625, 0),
)


@pytest.mark.slow
def test_tensorflow_multiplies_in_double() -> None:
    assert outputs("tensorflow", ROUNDED_ONCE) == [-4]


def test_litert_multiplies_in_double() -> None:
    pytest.importorskip("ai_edge_litert", reason="the extra `verify` has LiteRT from Python 3.12 on")
    assert outputs("litert", ROUNDED_ONCE) == [-4]


@pytest.mark.parametrize("model", [ONE, SHARED], ids=["one output", "one scale"])
def test_a_graph_says_by_which_product_it_was_read(model: bytes) -> None:
    for product, expected in ((ScaleProduct.DOUBLE, DOUBLE), (ScaleProduct.SINGLE, SINGLE)):
        graph, _ = tflite.read(model, scale_product=product)
        assert graph.scale_product is product
        assert set(reference.run(graph, ZERO)["dense0"].ravel()) == {expected}


def test_where_all_runtimes_multiply_alike_nothing_is_said() -> None:
    assert tflite.read(EACH, scale_product=ScaleProduct.SINGLE)[0].scale_product is None
    exact = foreign_model([[1]], [SCALE], [BIAS], TensorScale(2**-9, 0), OUTPUT)
    assert tflite.read(exact)[0].scale_product is None


def test_an_engine_that_would_multiply_otherwise_is_refused_before_it_runs() -> None:
    for product, engine in ((ScaleProduct.DOUBLE, TfliteEngine), (ScaleProduct.SINGLE, TflmEngine)):
        graph, _ = tflite.read(ONE, scale_product=product)
        with pytest.raises(SertoolError, match="it multiplies scales in"):
            engine(ONE, graph)


@pytest.mark.parametrize("model", [ONE, SHARED, EACH], ids=["one output", "one scale", "two scales"])
def test_the_engines_that_may_run_a_model_agree(model: bytes) -> None:
    for product in ScaleProduct:
        graph, _ = tflite.read(model, scale_product=product)
        engines: list[Engine] = [ReferenceEngine(graph), HostEngine(graph)]
        if graph.scale_product is not ScaleProduct.SINGLE:
            engines.append(TflmEngine(model, graph))
        if graph.scale_product is not ScaleProduct.DOUBLE:
            engines.append(TfliteEngine(model, graph))
        found = []
        for engine in engines:
            with engine:
                found.append(engine.run(ZERO)["dense0"].tolist())
        assert all(values == found[0] for values in found)


def test_a_scale_that_runtimes_multiply_differently_is_not_written() -> None:
    for product in ScaleProduct:
        graph, _ = tflite.read(ONE, scale_product=product)
        with pytest.raises(SertoolError, match="not those that every runtime would derive"):
            tflite.write(graph)


def test_one_scale_of_several_outputs_is_written_as_one_an_output() -> None:
    graph, _ = tflite.read(SHARED)
    again, _ = tflite.read(tflite.write(graph))
    assert again.scale_product is None
    assert again.weighted[0].multiplier.tolist() == graph.weighted[0].multiplier.tolist()
    single, _ = tflite.read(SHARED, scale_product=ScaleProduct.SINGLE)
    with pytest.raises(SertoolError, match="not those that every runtime would derive"):
        tflite.write(dataclasses.replace(single))
