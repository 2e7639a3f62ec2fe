"""`sertool.toml`, command-line overrides, and the stamps of a build folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sertool.digests import tree_digest
from sertool.errors import SertoolError
from sertool.project import (
    BuildFolder,
    Project,
    QuantizationConfig,
    build_folder,
    load_project,
    resolve_project,
)
from sertool.project.new import write_project
from sertool.stages.records import QuantizationRecord


def test_a_new_project_holds_the_defaults(tmp_path: Path) -> None:
    project = load_project(write_project(tmp_path))
    assert project == resolve_project(Project(), output=tmp_path / "build").__class__(
        name=tmp_path.name, output=tmp_path / "build"
    )


def test_a_new_project_names_its_corpus_and_target(tmp_path: Path) -> None:
    project = load_project(write_project(tmp_path, corpus='my "clips"', target="microbit"))
    assert project.corpus.path == 'my "clips"'
    assert project.target == "microbit"


def test_an_existing_project_is_not_overwritten(tmp_path: Path) -> None:
    write_project(tmp_path)
    with pytest.raises(SertoolError, match="already"):
        write_project(tmp_path)


def test_a_new_project_for_an_unknown_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="unknown target"):
        write_project(tmp_path, target="stm23")
    assert list(tmp_path.iterdir()) == []


def test_paths_are_relative_to_the_project_file(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "sertool.toml").write_text('output = "out"\n[corpus]\npath = "clips"\n')
    project = load_project(tmp_path / "sertool.toml")
    assert project.output == tmp_path / "out"
    assert project.corpus.path == str(tmp_path / "clips")


@pytest.mark.parametrize("key", ["labels", "speakers", "validation_list", "test_list"])
@pytest.mark.parametrize("there", [True, False])
def test_tables_and_lists_are_beside_the_project_file(tmp_path: Path, key: str, there: bool) -> None:
    (tmp_path / "sertool.toml").write_text(f'[corpus]\n{key} = "its.csv"\n')
    if there:
        (tmp_path / "its.csv").touch()
    assert getattr(load_project(tmp_path / "sertool.toml").corpus, key) == str(tmp_path / "its.csv")


def test_lists_under_another_protocol_are_refused() -> None:
    with pytest.raises(SertoolError, match="the protocol speaker draws parts: test_list would decide nothing"):
        resolve_project(Project(), protocol="speaker", test_list="x.txt")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[quantization]\nmargin = -1\n", 1, "margin = -1"),
        ('[quantization]\n[quantization.importance]\nmeasure = "luck"\n', 2, "unknown measure"),
        ("[training]\nepochs = 0\n", 1, "epochs = 0"),
        ('[frontend]\npreset = "mfcc"\n', 1, "mfcc"),
        ("[corpus]\nspeaker = 3\n", 2, "unknown key 'speaker'"),
        ("[quantisation]\n", 1, "unknown key 'quantisation'"),
        ("seed = 3\n", 1, "unknown key 'seed'"),
    ],
)
def test_refusals_name_the_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "sertool.toml"
    path.write_text(text)
    with pytest.raises(SertoolError) as caught:
        load_project(path)
    assert message in caught.value.what
    assert caught.value.where == f"{path}:{line}"


def test_a_missing_project_file(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="no such project file"):
        load_project(tmp_path / "none.toml")


def test_options_override_the_file() -> None:
    project = resolve_project(
        Project(), target="microbit", corpus="emodb", seed=7, bits="8", preset="laq180", epochs=3, skip_bad=None
    )
    assert (project.corpus.seed, project.training.seed, project.fine_tuning.seed) == (7, 7, 7)
    assert (project.training.epochs, project.fine_tuning.epochs) == (3, 3)
    assert (project.corpus.path, project.quantization.bits, project.frontend.preset) == ("emodb", "8", "laq180")
    assert project.corpus.skip_bad is False
    assert build_folder(project).root == Path("build/microbit").resolve()


def test_a_refused_option_is_named() -> None:
    with pytest.raises(SertoolError) as caught:
        resolve_project(Project(), preset="mfcc")
    assert caught.value.where == "--preset"


@pytest.mark.parametrize(
    ("options", "message", "allowed"),
    [
        ({"margin": 100.0}, "margin = 100.0 cannot be used", "0 to below 100"),
        ({"margin": float("nan")}, "margin = nan cannot be used", "0 to below 100"),
        ({"strategy": "best"}, "there is no strategy 'best'", "laq, budget, uniform, random-order, exhaustive"),
        ({"max_bytes": 0}, "max_bytes = 0 cannot be used", "1 or more"),
        ({"max_instructions": -5}, "max_instructions = -5 cannot be used", "1 or more"),
        ({"max_bytes": 9000, "max_instructions": 9000}, "exclude each other", "one of them"),
        ({"strategy": "budget"}, "the strategy budget has no limit", "max_bytes or max_instructions"),
        ({"bits": "1,8", "max_bytes": 9000}, "max_bytes would decide nothing", "a plan, or bits = 'auto'"),
        ({"bits": "1,8", "margin": 0.5}, "margin would decide nothing", "a plan, or bits = 'auto'"),
        ({"bits": "1,8", "strategy": "uniform"}, "the strategy uniform would decide nothing", "a plan, or"),
    ],
)
def test_widths_out_of_range_or_contradictory(options: dict[str, object], message: str, allowed: str) -> None:
    with pytest.raises(SertoolError, match=message) as caught:
        resolve_project(Project(), **options)
    assert allowed in str(caught.value.allowed)
    assert caught.value.where == ", ".join(f"--{name.replace('_', '-')}" for name in options)


@pytest.mark.parametrize(
    ("file", "options", "changed"),
    [
        ({"strategy": "budget", "max_bytes": 9000, "margin": 0.5}, {"bits": "1,8"}, QuantizationConfig("1,8")),
        ({"bits": "1,8"}, {"strategy": "uniform"}, QuantizationConfig(strategy="uniform")),
        ({"bits": "1,8"}, {"margin": 2.0}, QuantizationConfig(margin=2.0)),
        ({"bits": "1,8"}, {"max_bytes": 9000}, QuantizationConfig(max_bytes=9000)),
        (
            {"strategy": "budget", "max_bytes": 9000},
            {"max_instructions": 5000},
            QuantizationConfig(strategy="budget", max_instructions=5000),
        ),
        ({"max_bytes": 9000}, {"bits": "auto"}, QuantizationConfig(max_bytes=9000)),
        ({"max_bytes": 9000}, {"strategy": "budget"}, QuantizationConfig(strategy="budget", max_bytes=9000)),
    ],
)
def test_options_outdo_what_the_file_says_otherwise(
    file: dict[str, object], options: dict[str, object], changed: QuantizationConfig
) -> None:
    project = dataclasses.replace(Project(), quantization=dataclasses.replace(QuantizationConfig(), **file))
    assert resolve_project(project, **options).quantization == changed


def test_places_in_the_file_are_beside_the_file(tmp_path: Path) -> None:
    for name in ("speakers.csv", "my.toml"):
        (tmp_path / name).touch()
    text = 'target = "my.toml"\n[corpus]\npath = "emodb"\nspeakers = "speakers.csv"\n'
    (tmp_path / "sertool.toml").write_text(text)
    project = load_project(tmp_path / "sertool.toml")
    assert project.target == str(tmp_path / "my.toml")
    assert project.corpus.speakers == str(tmp_path / "speakers.csv")
    assert project.corpus.path == "emodb"


def test_a_stage_holds_until_inputs_or_outputs_change(tmp_path: Path) -> None:
    folder = BuildFolder(tmp_path)
    folder.model.mkdir()
    folder.labels.write_text("a\n")
    assert not folder.holds("convert", "1")
    folder.stamp("convert", "1", [folder.model])
    assert folder.holds("convert", "1")
    assert not folder.holds("convert", "2")
    folder.labels.write_text("b\n")
    assert not folder.holds("convert", "1")
    folder.labels.unlink()
    assert not folder.holds("convert", "1")


def test_a_file_of_a_later_stage_may_change(tmp_path: Path) -> None:
    folder = BuildFolder(tmp_path)
    folder.firmware.mkdir()
    folder.readme.write_text("rendered\n")
    (folder.firmware / "Makefile").write_text("all:\n")
    folder.stamp("render", "1", [folder.firmware], but=[folder.readme])
    before = tree_digest(folder.firmware, but=[folder.readme])
    folder.readme.write_text("measured\n")
    assert folder.holds("render", "1")
    assert tree_digest(folder.firmware, but=[folder.readme]) == before
    (folder.firmware / "Makefile").write_text("none:\n")
    assert not folder.holds("render", "1")
    assert tree_digest(folder.firmware, but=[folder.readme]) != before


def test_missing_and_damaged_files_say_which_stage_makes_them(tmp_path: Path) -> None:
    folder = BuildFolder(tmp_path)
    with pytest.raises(SertoolError, match="sertool quantize"):
        folder.require(folder.laq, "quantize")
    folder.model.mkdir()
    for text in ("{", "[]"):
        folder.laq.write_text(text)
        with pytest.raises(SertoolError, match="run again: sertool quantize"):
            folder.read(folder.laq, QuantizationRecord, "quantize")
