"""A finished build becomes a checkpoint; what is unfinished, inexact or of several runs does not."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from built_folder import EMOTIONS, PLAN, SPEC, Built, copied, made
from evaluation_examples import LABELS, examined

from sertool import checkpoints
from sertool.errors import CheckFailed, SertoolError
from sertool.evaluation import Evaluation
from sertool.experiments.scoring import across
from sertool.json_files import json_text
from sertool.project.again import made_command
from sertool.project.config import FrontendConfig, Project, QuantizationConfig
from sertool.stages.checkpoint import take_up
from sertool.stages.export import export
from sertool.stages.render import render
from sertool.stages.report import write_report
from sertool.stages.simulate import Simulated
from sertool.training import FineTuningConfig, TrainingConfig
from sertool.verify import Comparison
from sertool.verify.comparison import Difference, EngineComparison, LayerComparison


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A build that is finished and exact."""
    found = made(tmp_path_factory.mktemp("finished"))
    found.folder.sweep.unlink()
    render(found.project, found.folder)
    verify(found, 0)
    return found


@pytest.fixture
def built(finished: Built, tmp_path: Path) -> Built:
    """A copy of it, that can be spoilt."""
    return copied(finished, tmp_path)


def verify(built: Built, mismatches: int) -> None:
    """Leave what `simulate` and `report` would."""
    engines = (EngineComparison("host", 10, (LayerComparison("input", 160, mismatches),)),)
    first = Difference("host", "anger/s0_0.wav", "input", 3, -12, 13) if mismatches else None
    built.folder.write(built.folder.verification, Simulated(Comparison(10, engines, first)))
    write_report(built.project, built.folder)


def evaluation(path: Path, **changes: object) -> Path:
    """Write the figures of two networks such as the build's."""
    value = across("speech", "speaker", LABELS, [examined(fold, 0, fold) for fold in range(2)])
    shape, plan = f"{SPEC.features}-6-{len(EMOTIONS)}", ",".join(PLAN)
    networks = tuple(dataclasses.replace(one, shape=shape, plan=plan) for one in value.networks)
    told: Evaluation = dataclasses.replace(value, labels=EMOTIONS, networks=networks)
    path.write_text(json_text(dataclasses.replace(told, **changes)))  # type: ignore[arg-type]
    return path


def test_a_build_comes_out_of_its_checkpoint(built: Built, tmp_path: Path) -> None:
    folder = built.folder
    figures = evaluation(tmp_path / "evaluation.json")
    made_of = export(folder, "mine", tmp_path / "kept", [figures])
    found, data = checkpoints.load(str(tmp_path / "kept" / "mine"))
    assert made_of.checkpoint == found
    assert data == folder.tflite.read_bytes()
    assert made_of.bytes == sum(path.stat().st_size for path in made_of.folder.iterdir())
    assert (found.labels, found.shape, found.plan) == (EMOTIONS, (SPEC.features, 6, 3), PLAN)
    assert [(each.protocol, each.folds) for each in found.evaluations] == [("speaker", 2)]
    assert found.command.startswith("sertool build --corpus speech --speaker-pattern ")
    assert str(tmp_path.parent) not in json_text(found)
    take_up(str(tmp_path / "kept" / "mine"), folder)
    assert folder.tflite.read_bytes() == data
    assert not any(path.exists() for path in (folder.split, folder.float_model, folder.laq, folder.tflite_lut))


def forget_report(built: Built) -> None:
    (built.folder.report / "report.json").unlink()


def render_for_another_board(built: Built) -> None:
    render(dataclasses.replace(built.project, target="microbit"), built.folder)


def change_the_model(built: Built) -> None:
    built.folder.tflite.write_bytes(built.folder.tflite.read_bytes() + b"\0")


def make_inexact(built: Built) -> None:
    verify(built, 1)


def forget_verification(built: Built) -> None:
    built.folder.verification.unlink()
    write_report(built.project, built.folder)


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (forget_report, "report.json is not there yet"),
        (render_for_another_board, "model, manifest and report are not of one build"),
        (change_the_model, "was not made from"),
        (forget_verification, "the build is not finished"),
        (make_inexact, "the build is not exact"),
    ],
)
def test_a_build_that_is_not_whole_is_one_error(
    built: Built, tmp_path: Path, harm: Callable[[Built], None], what: str
) -> None:
    harm(built)
    with pytest.raises(SertoolError, match=what) as caught:
        export(built.folder, "mine", tmp_path / "kept")
    assert isinstance(caught.value, CheckFailed) == (what == "the build is not exact")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "change", [{"corpus": "emodb"}, {"labels": LABELS}, {"protocol": "built"}, {"networks": ()}]
)
def test_an_evaluation_of_other_networks_is_one_error(
    built: Built, tmp_path: Path, change: dict[str, object]
) -> None:
    figures = evaluation(tmp_path / "evaluation.json", **change)
    with pytest.raises(SertoolError, match="the evaluation is of other networks") as caught:
        export(built.folder, "mine", tmp_path / "kept", [figures])
    assert caught.value.where == str(figures)
    assert not (tmp_path / "kept").exists()


def test_an_existing_checkpoint_stays_where_the_new_one_is_refused(built: Built, tmp_path: Path) -> None:
    export(built.folder, "mine", tmp_path / "kept")
    before = {path.name: path.read_bytes() for path in (tmp_path / "kept" / "mine").iterdir()}
    with pytest.raises(SertoolError, match="cannot read"):
        export(built.folder, "mine", tmp_path / "kept", [tmp_path / "nothing.json"])
    assert {path.name: path.read_bytes() for path in (tmp_path / "kept" / "mine").iterdir()} == before


def test_the_command_says_what_options_can_say_and_that_there_is_more() -> None:
    project = Project(
        frontend=FrontendConfig("prosody"),
        training=TrainingConfig(hidden=(160,), epochs=20),
        fine_tuning=FineTuningConfig(epochs=20),
        quantization=QuantizationConfig(bits="1,4"),
    )
    said = "sertool build --corpus emodb --preset prosody --hidden 160 --epochs 20 --bits 1,4"
    assert made_command(project, "emodb") == said
    more = dataclasses.replace(project, training=dataclasses.replace(project.training, dropout=0.125))
    assert made_command(more, "emodb") == f"{said} (and settings that no option says)"
