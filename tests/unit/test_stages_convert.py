"""A build folder whose files are of several runs: no stage makes one thing of them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from built_folder import Built, copied, made

from sertool import laq, training
from sertool.answers import UNCHOSEN, Rule
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.graph.graph import equal
from sertool.graph.temperature import factor, tempered
from sertool.project.manifest import Manifest
from sertool.project.options import Settings
from sertool.stages.built_model import load_model
from sertool.stages.convert import convert
from sertool.stages.records import QuantizationRecord, TrainingRecord, belonging
from sertool.stages.render import render
from sertool.stages.report import collect


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return made(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def built(whole: Built, tmp_path: Path) -> Built:
    """A copy, that can be spoilt."""
    return copied(whole, tmp_path)


def train_again(built: Built) -> None:
    """What `train --epochs 7` would leave."""
    folder = built.folder
    record = folder.read(folder.training, TrainingRecord, "train")
    model = training.load(folder.float_model)
    first = dataclasses.replace(model.layers[0], weights=model.layers[0].weights + np.float32(0.01))
    write_atomic(
        folder.float_model, training.save(dataclasses.replace(model, layers=(first, *model.layers[1:])))
    )
    told = dataclasses.replace(
        record.settings.project, training=dataclasses.replace(record.settings.project.training, epochs=7)
    )
    folder.write(folder.training, dataclasses.replace(record, settings=Settings(told)))


def quantize_again(built: Built, data: bytes) -> None:
    """What `quantize` would leave when `laq.npz` comes out as `data`."""
    folder = built.folder
    record = folder.read(folder.laq, QuantizationRecord, "quantize")
    write_atomic(folder.quantized_model, data)
    folder.write(folder.laq, dataclasses.replace(record, files=belonging(folder)))


STAGES: dict[str, Callable[[Built], object]] = {
    "convert": lambda built: convert(built.folder),
    "render": lambda built: render(built.project, built.folder),
    "report": lambda built: collect(built.project, built.folder),
}


def test_the_model_carries_its_temperature_and_its_rule(built: Built) -> None:
    folder = built.folder
    record = folder.read(folder.laq, QuantizationRecord, "quantize")
    cold = laq.load(folder.quantized_model)
    hot = dataclasses.replace(cold, temperature=1 / factor(1.6))
    quantize_again(built, laq.save(hot))
    told = folder.read(folder.laq, QuantizationRecord, "quantize")
    folder.write(folder.laq, dataclasses.replace(told, rule=Rule(150, 9000)))
    before = laq.integer_graph(dataclasses.replace(cold, temperature=1.0))
    convert(folder)
    model = load_model(folder)
    assert (model.temperature, model.rule) == (hot.temperature, Rule(150, 9000))
    assert equal(model.graph, tempered(before, 1.6))
    assert record.rule == UNCHOSEN
    render(built.project, folder)
    config = (folder.firmware / "generated" / "ser_answer_config.h").read_text()
    assert "#define SER_LEAST_PROBABILITY 150\n" in config and "#define SER_FARTHEST 9000u\n" in config


def test_a_manifest_says_what_made_the_model(built: Built) -> None:
    for stage in STAGES.values():
        stage(built)
    manifest = built.folder.read(built.folder.manifest, Manifest, "render")
    assert manifest.settings and manifest.settings.project.training.epochs == 2


@pytest.mark.parametrize("stage", STAGES)
def test_a_training_without_its_quantization_is_no_part_of_the_model(built: Built, stage: str) -> None:
    train_again(built)
    before = built.folder.tflite.read_bytes()
    with pytest.raises(
        SertoolError, match=r"^model/float.npz changed since the network was quantized"
    ) as caught:
        STAGES[stage](built)
    assert caught.value.hint == "run the stages from quantize on again, or sertool build"
    assert not built.folder.manifest.exists()
    assert built.folder.tflite.read_bytes() == before
    quantize_again(built, built.folder.quantized_model.read_bytes())
    STAGES[stage](built)
    render(built.project, built.folder)
    manifest = built.folder.read(built.folder.manifest, Manifest, "render")
    assert manifest.settings and manifest.settings.project.training.epochs == 7


@pytest.mark.parametrize("name", ["frontend.json", "search.npz", "float.npz", "laq.npz"])
def test_every_file_that_quantizing_read_or_left_is_held_to_it(built: Built, name: str) -> None:
    path = built.folder.model / name
    whole = path.read_bytes()
    path.unlink()
    with pytest.raises(SertoolError, match=f"^model/{name} changed since"):
        render(built.project, built.folder)
    path.write_bytes(whole + b" ")
    with pytest.raises(SertoolError, match=f"^model/{name} changed since"):
        render(built.project, built.folder)
    path.write_bytes(whole)
    render(built.project, built.folder)


@pytest.mark.parametrize("stage", ["render", "report"])
def test_a_model_older_than_the_quantization_is_refused(built: Built, stage: str) -> None:
    folder = built.folder
    model = laq.load(folder.quantized_model)
    first = dataclasses.replace(model.layers[0], bias=model.layers[0].bias + np.float32(0.5))
    quantize_again(built, laq.save(dataclasses.replace(model, layers=(first, *model.layers[1:]))))
    with pytest.raises(SertoolError, match=r"^model.tflite was not made from laq.npz beside it") as caught:
        STAGES[stage](built)
    assert str(caught.value.hint).startswith("run: sertool convert")
    convert(folder)
    STAGES[stage](built)


def test_a_model_without_records_was_made_elsewhere(built: Built) -> None:
    train_again(built)
    built.folder.laq.unlink()
    render(built.project, built.folder)
    assert built.folder.read(built.folder.manifest, Manifest, "render").settings is None
