"""Models without softmax and label, as they come from elsewhere: read as they are, and run alike everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from foreign_models import foreign_model
from sertool import tflite
from sertool.engines.base import Engine
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.firmware.core import core_sources
from sertool.frontend import preset
from sertool.graph import Role, TensorScale
from sertool.graph.graph import equal
from sertool.standardization import Standardizer
from sertool.verify import compare, of_run, require

RNG = np.random.default_rng(0)


def model(outputs: int, ends: tuple[str, ...] = ()) -> bytes:
    codes, bias = RNG.integers(-127, 128, (outputs, 24)), RNG.integers(-9999, 9999, outputs)
    # Input scale a power of two: all runtimes multiply alike, whatever the weight scales are.
    scales, source, output = RNG.uniform(0.001, 0.002, outputs), TensorScale(2**-5, 3), TensorScale(0.07, -5)
    return foreign_model(codes, scales, bias, source, output, ends=ends)


MODELS = {
    "regressor": (model(1), ()),
    "autoencoder": (model(640), ()),
    "softmax only": (model(5, ("softmax",)), (Role.PROBABILITIES,)),
    "label only": (model(700, ("argmax",)), (Role.LABEL,)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_its_own_layers_and_runs_alike_in_every_engine(name: str) -> None:
    data, ends = MODELS[name]
    graph, _ = tflite.read(data)
    assert tuple(graph.roles) == (Role.LOGITS, *ends)
    assert bool(graph.labels) == bool(ends)
    clips = RNG.integers(-128, 128, (40, 24)).astype(np.int8)
    engines: dict[str, Engine] = {
        "tflm": TflmEngine(data, graph),
        "tflite": TfliteEngine(data, graph),
        "host": HostEngine(graph),
        "emulator": EmulatorEngine(graph, cpu="cortex-m4"),
    }
    found = {}
    for called, engine in engines.items():
        with engine:
            found[called] = of_run(clips, engine.run(clips))
    names = [f"clip{number}" for number in range(len(clips))]
    comparison = compare(names, of_run(clips, ReferenceEngine(graph).run(clips)), found)
    require(comparison)
    for engine_found in comparison.engines:
        assert [layer.layer for layer in engine_found.layers] == ["input", *(one.name for one in graph.layers)]


@pytest.mark.parametrize("name", MODELS)
def test_what_is_read_can_be_written(name: str) -> None:
    graph, _ = tflite.read(MODELS[name][0])
    again, _ = tflite.read(tflite.write(graph))
    assert equal(again, graph)


def test_an_image_of_a_model_that_is_no_classifier_is_refused() -> None:
    spec = preset("laq180")
    regressor, _ = tflite.read(
        foreign_model(np.ones((1, 180)), [0.01], [0], TensorScale(2**-5, 0), TensorScale(0.5, 0))
    )
    standardizer = Standardizer.fit(RNG.integers(0, 1000, (4, 180)).astype(np.int32))
    with pytest.raises(SertoolError, match="the model has no probabilities and no label"):
        core_sources(regressor, spec, standardizer)
