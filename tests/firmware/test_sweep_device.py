"""What a sweep says of an image without knowing its weights is what the image takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from board_models import BoardModel, board_model

from sertool.engines.emulator import EmulatorEngine
from sertool.experiments.sweep import device
from sertool.experiments.sweep.device import Board, Footprint, board, stand_in
from sertool.firmware.image import Image
from sertool.firmware.memory import memory_map
from sertool.firmware.project import BuildInfo
from sertool.graph import Width
from sertool.graph.graph import equal
from sertool.graph.reference import run
from sertool.targets import Region, Target, load

Built = Callable[[BoardModel, Target], Image]


@pytest.fixture(scope="module")
def model() -> BoardModel:
    """A model whose image takes utterances as long as every image does."""
    small = board_model()
    longest = BuildInfo.__dataclass_fields__["max_samples"].default
    return dataclasses.replace(small, build=dataclasses.replace(small.build, max_samples=longest))


def measured(model: BoardModel, target: Target) -> Footprint:
    graph = model.graph
    shape = (graph.input.size, *(layer.outputs for layer in graph.weighted))
    return board(target, model.build.name).measure(shape, graph.plan, graph.labels, model.spec)


@pytest.mark.parametrize("name", ["stm32f405", pytest.param("microbit", marks=pytest.mark.slow)])
def test_flash_and_ram_are_those_of_the_image(model: BoardModel, built: Built, name: str) -> None:
    target = load(name)
    image = memory_map(built(model, target).elf, target)
    found = measured(model, target)
    assert (found.flash, found.ram) == (image.flash.used, image.ram.used)


@pytest.mark.slow
def test_an_image_too_large_for_the_target_has_its_size_all_the_same(model: BoardModel, built: Built) -> None:
    target = load("stm32f405")
    image = memory_map(built(model, target).elf, target)
    memory = dataclasses.replace(target.memory, flash=Region(target.memory.flash.origin, 8192), kept=None)
    assert measured(model, dataclasses.replace(target, memory=memory)).flash == image.flash.used > 8192


def test_instructions_are_those_of_the_stand_in_on_the_core_of_the_target(model: BoardModel) -> None:
    target = load("microbit")
    graph = stand_in((model.spec.features, 24, 7), model.graph.plan, model.graph.labels)
    inputs = np.random.default_rng(1).normal(0, 32, (4, graph.input.size)).round().clip(-128, 127)
    with EmulatorEngine(graph, cpu="cortex-m0") as engine:
        counts = engine.instructions(inputs.astype(np.int8))
    assert measured(model, target).instructions == round(counts.mean())


@pytest.mark.parametrize("width", ["1", "ternary", "3", "8"])
def test_a_stand_in_uses_the_range_of_its_activations(width: str) -> None:
    plan, labels = (Width.parse(width),) * 3, [f"label{index}" for index in range(7)]
    graph = stand_in((180, 64, 32, 7), plan, labels)
    assert equal(graph, stand_in((180, 64, 32, 7), plan, labels))
    trace = run(graph, np.random.default_rng(5).normal(0, 32, (64, 180)).clip(-128, 127).astype(np.int8))
    for layer in graph.weighted:
        values = trace[layer.name]
        assert len(np.unique(values)) > 100
        assert (values == 127).mean() < 0.02


def test_without_a_cross_compiler_nothing_is_measured_and_that_is_said(
    model: BoardModel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "")
    assert measured(model, load("stm32f405")) == Footprint(None, None, None)
    assert "flash, RAM and instructions are left out: the cross-compiler" in caplog.text


@pytest.mark.slow
def test_a_core_that_nothing_emulates_has_sizes_alone(
    model: BoardModel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(device, "EMULATED", ("cortex-m0",))
    found = measured(model, load("stm32f405"))
    assert found.flash and found.ram and found.instructions is None
    assert "instructions are left out: nothing here emulates a cortex-m4" in caplog.text


def test_all_that_decides_an_image_decides_its_digest() -> None:
    from sertool.frontend import preset

    plan, labels, spec = (Width(1), Width(8)), ("a", "b"), preset("laq180")
    target = load("stm32f405")
    found = Board(target, "test", "gcc", "2.1.4")
    digests = [
        found.digest((180, 8, 2), plan, labels, spec),
        found.digest((180, 9, 2), plan, labels, spec),
        found.digest((180, 8, 2), plan[::-1], labels, spec),
        found.digest((180, 8, 2), plan, ("a", "bb"), spec),
        found.digest((180, 8, 2), plan, labels, preset("moments")),
        *(
            dataclasses.replace(found, **change).digest((180, 8, 2), plan, labels, spec)
            for change in ({"target": load("microbit")}, {"name": "t"}, {"compiler": None}, {"emulator": None})
        ),
    ]
    assert len(set(digests)) == len(digests)
