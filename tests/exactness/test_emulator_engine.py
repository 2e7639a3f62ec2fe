from __future__ import annotations

import numpy as np
import pytest

from networks import inputs, network
from sertool.cores import EMULATED
from sertool.engines.emulator import EmulatorEngine
from sertool.errors import SertoolError
from sertool.frontend import Frontend, preset
from sertool.graph import IntegerGraph, reference
from sertool.standardization import Standardizer

SPEC = preset("laq180")


@pytest.fixture(scope="module")
def graph() -> IntegerGraph:
    return network([180, 512, 128, 64, 32, 7], ["1", "1", "4", "4", "8"], seed=5)


@pytest.fixture(scope="module")
def pcm() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (8000 * np.sin(np.arange(4000) / 11) + rng.normal(0, 500, 4000)).astype(np.int16)


@pytest.mark.parametrize("core", EMULATED)
def test_every_layer_equals_the_reference(graph: IntegerGraph, core: str) -> None:
    given = inputs(graph, 70)
    expected = reference.run(graph, given)
    with EmulatorEngine(graph, cpu=core) as engine:
        assert engine.name == f"emulator:{core}"
        got = engine.run(given)
    assert list(got) == list(expected)
    for name, values in expected.items():
        assert got[name].dtype == values.dtype, name
        assert np.array_equal(got[name], values), (name, np.argwhere(got[name] != values)[0])


@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_sound_is_classified_as_python_predicts(graph: IntegerGraph, core: str, pcm: np.ndarray) -> None:
    features = Frontend(SPEC).features(pcm)
    standardizer = Standardizer.fit(np.stack([features, features + 3000, features - 999]).astype(np.int32))
    given = standardizer.apply(features[np.newaxis])
    expected = reference.run(graph, given)
    with EmulatorEngine(graph, SPEC, standardizer, core) as engine:
        made = engine.classify(pcm)
        again = engine.classify(pcm)
        assert engine.audio_instructions(pcm) > 10**6
        for what, empty in (("too short: 1000 samples", pcm[:1000]), ("float32", pcm.astype(np.float32))):
            with pytest.raises(SertoolError, match=what):
                engine.classify(empty)
        with pytest.raises(SertoolError, match="too short: 0 samples"):
            engine.audio_instructions(pcm[:0])
    assert np.array_equal(made.features, features)
    assert np.array_equal(made.input, given[0])
    assert made.label == again.label == expected["label"][0, 0]
    for name, values in expected.items():
        assert np.array_equal(made.trace[name], values), name


def test_instructions_and_stack_of_an_inference(graph: IntegerGraph) -> None:
    given = inputs(graph, 3)
    with EmulatorEngine(graph) as engine:
        counts = engine.instructions(given)
        assert counts.shape == (3,)
        # Data decides about a few branches only.
        assert 100_000 < counts.min() <= counts.max() < 1.02 * counts.min() < 300_000
        assert np.array_equal(engine.instructions(given), counts)
        assert 0 < engine.stack(given[0]) < 512
        assert engine.elf.name == "model.elf"


def test_more_than_a_batch_and_none(graph: IntegerGraph) -> None:
    small = network([9, 4], ["2"])
    with EmulatorEngine(small, cpu="cortex-m3") as engine:
        for count in (0, 1, 64, 65, 200):
            given = inputs(small, count)
            for name, values in reference.run(small, given).items():
                assert np.array_equal(engine.run(given)[name], values), (count, name)


def test_wrong_inputs_are_refused(graph: IntegerGraph) -> None:
    with EmulatorEngine(graph) as engine:
        with pytest.raises(SertoolError, match="int8 of shape"):
            engine.run(np.zeros((2, 180), np.int16))
        with pytest.raises(SertoolError, match="int8 of shape"):
            engine.stack(np.zeros(181, np.int8))


def test_sound_needs_a_front_end(graph: IntegerGraph) -> None:
    with EmulatorEngine(graph) as engine, pytest.raises(SertoolError, match="without a front end"):
        engine.classify(np.zeros(5000, np.int16))


def test_an_unknown_core_is_refused(graph: IntegerGraph) -> None:
    with pytest.raises(SertoolError, match="no emulated core is called 'cortex-m55'"):
        EmulatorEngine(graph, cpu="cortex-m55")
