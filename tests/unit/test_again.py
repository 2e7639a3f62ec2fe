"""A manifest says every setting that decides a byte, and leads back to the project that it was made from."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from sertool.corpora.split import ClipRecord, SplitRecord
from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.json_files import json_text
from sertool.laq import LayerImportance
from sertool.project import BuildFolder, Project
from sertool.project.again import differences, project_again, read_manifest, rebuild_command
from sertool.project.manifest import Manifest, describe, digest_in
from sertool.project.options import OPTIONS, Option, Settings, setting, with_settings
from sertool.stages.records import Losses, QuantizationRecord, TrainingRecord, made_with
from sertool.targets import load

#: Another value than the default, where adding one or turning it round gives none that is allowed.
OTHER: dict[str, Any] = {
    "name": "other",
    "target": "microbit",
    "output": Path("elsewhere"),
    "corpus.path": "/recordings",
    "corpus.kind": "savee",
    "corpus.protocol": "speaker",
    "corpus.layout": "speaker/label",
    "corpus.labels": "/labels.csv",
    "corpus.label_pattern": "(?P<label>.)",
    "corpus.validation_list": "/validation.txt",
    "corpus.test_list": "/test.txt",
    "corpus.speakers": "/speakers.csv",
    "corpus.speaker_pattern": "(?P<speaker>.)",
    "frontend.preset": "laq180",
    "frontend.standardization": "running",
    "training.hidden": (7, 5),
    "quantization.bits": "1,8",
    "quantization.strategy": "uniform",
    "quantization.margin": 0.75,
    "quantization.max_bytes": 1234,
    "quantization.max_instructions": 5678,
    "quantization.importance.measure": "hessian",
    "sweep.hidden": ((5,),),
    "sweep.plans": ("2",),
    "sweep.presets": ("laq180",),
}

#: What a value cannot be without.
NEEDED = {"training.members": {"training.hidden": (6,)}}


def another(option: Option) -> Any:
    if option.key in OTHER:
        return OTHER[option.key]
    if option.annotation is bool:
        return not option.default
    return option.default + 1 if option.annotation is int else option.default / 2 + 0.125


def clip(part: str) -> ClipRecord:
    return ClipRecord(f"{part}.wav", "a", "anger", None, part.encode().hex().ljust(64, "0"))


def built(tmp_path: Path, project: Project) -> tuple[BuildFolder, Manifest]:
    """A build folder with what the stages record of a project, and its manifest."""
    folder = BuildFolder(tmp_path / "build" / "x")
    settings = Settings(project)
    split = SplitRecord("c", "speaker", 0, 0, (), *((clip(part),) for part in ("train", "validation", "test")))
    folder.write(folder.split, split)
    folder.write(folder.training, TrainingRecord(1, (1,), 1, 1.0, Losses((1.0,)), settings, project.corpus))
    layer = LayerImportance("logits", 1.0, 1.0, 1.0, 1.0)
    folder.write(folder.laq, QuantizationRecord(("8",), "given", 1, 1.0, 1.0, settings, (layer,), {}, None, {}))
    # What render is told of stages before it plays no part.
    told = dataclasses.replace(Project(), name=project.name, target=project.target)
    made = made_with(told, folder)
    manifest = describe(told, made, folder, load("stm32"), {}, {"bits": [1]})
    folder.write(folder.manifest, manifest)
    return folder, manifest


def test_settings_that_came_later_change_no_digest_of_a_manifest_that_was_written(tmp_path: Path) -> None:
    folder, manifest = built(tmp_path, Project())
    assert digest_in(folder) == manifest.digest
    said = json.loads(folder.manifest.read_text())
    del said["settings"]["training"]["hidden"]
    folder.manifest.write_text(json.dumps(said))
    # It reads as the same manifest, and its image carries what was digested when it was written.
    assert read_manifest(folder.manifest) == manifest
    assert digest_in(folder) == value_digest(said) != manifest.digest
    said["settings"]["training"]["seed"] = 1
    folder.manifest.write_text(json.dumps(said))
    assert digest_in(folder) == value_digest(said)
    said["settings"]["training"]["later"] = 1
    folder.manifest.write_text(json.dumps(said))
    with pytest.raises(SertoolError, match="unknown key 'later'"):
        digest_in(folder)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.key)
def test_every_setting_leads_from_the_manifest_back_to_the_project(tmp_path: Path, option: Option) -> None:
    value = another(option)
    assert value != option.default
    without = with_settings(Project(), NEEDED.get(option.key, {}))
    project = with_settings(without, {option.key: value})
    folder, manifest = built(tmp_path, project)
    assert read_manifest(folder.manifest) == manifest
    if not option.decides:
        assert manifest.digest == built(tmp_path / "default", without)[1].digest
        return
    assert manifest.digest != built(tmp_path / "default", without)[1].digest
    places = {option.name: value} if option.place and option.flag else {}
    assert project_again(manifest, folder.manifest, **places) == project
    if not option.place:
        plain: Any = json.loads(folder.manifest.read_text())["settings"]
        for name in option.key.split("."):
            plain = plain[name]
        assert plain == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "option", [option for option in OPTIONS if option.place], ids=lambda option: option.key
)
def test_no_place_is_in_a_manifest(tmp_path: Path, option: Option) -> None:
    place = str(tmp_path / "my.toml")
    value = Path(place) if option.key == "output" else place
    manifest = built(tmp_path, with_settings(Project(), {option.key: value}))[1]
    assert "my.toml" not in json_text(manifest)
    assert str(tmp_path) not in json_text(manifest)


def test_recordings_that_moved_give_the_same_manifest(tmp_path: Path) -> None:
    here, there = (with_settings(Project(), {"corpus.path": path}) for path in ("/here", "/there"))
    assert built(tmp_path / "1", here)[1] == built(tmp_path / "2", there)[1]


def test_a_place_that_was_said_has_to_be_said_again(tmp_path: Path) -> None:
    project = with_settings(Project(), {"corpus.path": "/here", "target": "/boards/my.toml"})
    folder, manifest = built(tmp_path, project)
    with pytest.raises(SertoolError, match=r"target, corpus.path was said") as caught:
        project_again(manifest, folder.manifest)
    assert caught.value.hint == "say it with --target, --corpus"
    again = project_again(manifest, folder.manifest, corpus="/there", target="my.toml", output=Path("o"))
    assert (again.corpus.path, again.target, again.output) == ("/there", "my.toml", Path("o"))


def test_what_the_manifest_says_cannot_be_said_otherwise(tmp_path: Path) -> None:
    folder, manifest = built(tmp_path, Project())
    with pytest.raises(SertoolError, match="the manifest says what --epochs, --bits would"):
        project_again(manifest, folder.manifest, epochs=3, bits="8")


def test_a_model_made_elsewhere_cannot_be_made_again(tmp_path: Path) -> None:
    folder = BuildFolder(tmp_path / "build" / "stm32")
    manifest = describe(Project(), made_with(Project(), folder), folder, load("stm32"), {}, {})
    with pytest.raises(SertoolError, match="does not say how its model was made"):
        project_again(manifest, folder.manifest)
    assert (
        rebuild_command(Project(), None, folder)
        == f"sertool render --target stm32 --output {folder.root.parent}"
    )


def test_the_command_names_the_manifest_and_where_things_lie(tmp_path: Path) -> None:
    project = with_settings(Project(), {"corpus.path": "/my clips", "corpus.seed": 3})
    folder, _ = built(tmp_path, project)
    command = rebuild_command(Project(), made_with(project, folder), folder)
    assert command == f"sertool build --again {folder.manifest} --corpus '/my clips'"


def test_later_commands_do_not_change_what_earlier_stages_were_told(tmp_path: Path) -> None:
    project = with_settings(Project(), {"training.epochs": 3, "quantization.bits": "8", "corpus.fold": 1})
    folder, _ = built(tmp_path, project)
    made = made_with(Project(), folder)
    assert made is not None
    assert [setting(made, key) for key in ("training.epochs", "quantization.bits", "corpus.fold")] == [
        3,
        "8",
        1,
    ]


def test_differences_are_named() -> None:
    was = {"versions": {"numpy": "1", "python": "3"}, "name": "a"}
    now = {"versions": {"numpy": "2", "soxr": "1"}, "name": "a"}
    assert differences(was, now) == (
        "versions.numpy is 2, was 1",
        "versions.python is not there, was 3",
        "versions.soxr is 1, was not there",
    )
    assert differences(was, was) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 1}, "older sertool"),
        ({"settings": {"training": {"epochs": 0}}}, "epochs = 0 cannot be used"),
        ({"settings": {"training": {"epoch": 3}}}, "unknown key 'epoch'"),
        ({"sources": "x"}, "cannot be used"),
    ],
)
def test_a_manifest_that_was_tampered_with_is_told(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    folder, _ = built(tmp_path, Project())
    plain = json.loads(folder.manifest.read_text())
    folder.manifest.write_text(json.dumps({**plain, **change}))
    with pytest.raises(SertoolError, match=message):
        read_manifest(folder.manifest)
