"""The stages after training, one at a time, from a model that an earlier one left."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from commands import Run
from sertool import tflite


def test_render_then_build_by_make_alone(sertool: Run, modelled: Path) -> None:
    done = sertool("render", "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    build = modelled / "build" / "stm32"
    manifest = json.loads((build / "manifest.json").read_text())
    assert json.loads(done.stdout)["manifest"] in (build / "firmware" / "generated" / "ser_build.h").read_text()
    assert manifest["target"]["name"] == "stm32f405"
    assert not [path for path in (build / "firmware").rglob("*") if path.suffix in (".py", ".in")]


def test_rendering_twice_gives_the_same_bytes(sertool: Run, modelled: Path) -> None:
    firmware = modelled / "build" / "stm32" / "firmware"
    sertool("render", folder=modelled)
    first = {path.relative_to(firmware): path.read_bytes() for path in firmware.rglob("*") if path.is_file()}
    shutil.rmtree(firmware)
    sertool("render", folder=modelled)
    again = {path.relative_to(firmware): path.read_bytes() for path in firmware.rglob("*") if path.is_file()}
    assert first == again


def test_simulate_files_through_every_engine_but_the_board(sertool: Run, modelled: Path, speech: Path) -> None:
    files = sorted((speech / "anger").iterdir())[:2]
    engines = "tflm,tflite,host,emulator:cortex-m0,emulator"
    done = sertool("simulate", *files, "--engines", engines, "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["clips"] == 2
    assert found["first_difference"] is None
    assert {name.split(",")[0] for name in found["engines"]} == {
        "tflm", "tflite", "host", "emulator:cortex-m0", "emulator:cortex-m4",
    }  # fmt: skip
    # 32 features in, then 24 + 12 + 3 activations, 3 probabilities and a label, for each of two clips; from PCM
    # the features before they are standardized, too, and of the answer its certainty and its doubts.
    assert found["engines"]["host"] == {"compared": 2 * (32 + 24 + 12 + 3 + 3 + 1), "mismatches": 0}
    assert found["engines"]["host, from PCM"]["compared"] == 2 * (32 + 32 + 24 + 12 + 3 + 3 + 1 + 2)


def test_a_wrong_engine_is_found_named_and_exits_with_1(
    sertool: Run, modelled: Path, noise: Path, tmp_path: Path
) -> None:
    # The compiler that CC names makes another label of the arg max: a wrong chip.
    wrapper = tmp_path / "wrong-cc"
    wrapper.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo wrong-cc 1 && exit\n'
        "sed -i 's/= ser_argmax_int8(.*)/& + 1/' generated/ser_model.c\n"
        'exec gcc "$@"\n'
    )
    wrapper.chmod(0o755)
    done = sertool(
        "simulate", noise, "--engines", "host", "--json",
        folder=modelled, CC=str(wrapper), SERTOOL_CACHE=str(tmp_path / "cache"),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    first = json.loads(done.stdout)["first_difference"]
    assert (first["engine"], first["clip"], first["layer"]) == ("host", str(noise), "label")


def test_classify_names_a_label_and_its_probability(sertool: Run, modelled: Path, noise: Path) -> None:
    done = sertool("classify", noise, "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    (heard,) = json.loads(done.stdout)["clips"]
    assert heard["label"] in heard["probabilities"]
    assert heard["probabilities"][heard["label"]] == max(heard["probabilities"].values())


def test_stereo_at_another_rate_is_converted(sertool: Run, modelled: Path, tmp_path: Path) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, (48000, 2))
    soundfile.write(tmp_path / "stereo.wav", sound, 48000, "FLOAT")
    done = sertool("classify", "stereo.wav", folder=modelled)
    assert done.returncode == 0, done.stderr
    assert "stereo.wav" in done.stdout


def test_report_says_what_was_not_measured(sertool: Run, modelled: Path) -> None:
    done = sertool("report", folder=modelled)
    assert done.returncode == 0, done.stderr
    page = (modelled / "build" / "stm32" / "report" / "report.html").read_text()
    assert "not measured" in page
    assert "sertool simulate" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", "--target", "microbit"], "model.tflite is not there yet"),
        (["simulate", "x.wav", "--engines", "hots"], "unknown engine 'hots'"),
        (["simulate", "x.wav", "--engines", "emulator:cortex-m1"], "no emulated core is called 'cortex-m1'"),
        (["simulate"], "split.json is not there yet"),
        (["classify", "missing.wav"], "missing.wav"),
        (["quantize"], "search.npz is not there yet"),
        (["convert"], "laq.npz is not there yet"),
    ],
)
def test_what_is_missing_is_named(
    sertool: Run, modelled: Path, noise: Path, arguments: list[str], message: str
) -> None:
    shutil.copy(noise, modelled / "x.wav")
    done = sertool(*arguments, folder=modelled)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_model_is_refused(sertool: Run, modelled: Path, noise: Path) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    model.write_bytes(model.read_bytes()[:1000])
    done = sertool("classify", noise, folder=modelled)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_model_of_another_front_end_is_refused(sertool: Run, modelled: Path, noise: Path) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    model.write_bytes(tflite.write(graph, {**metadata, "golden_crc32": 1}))
    done = sertool("classify", noise, folder=modelled)
    assert done.returncode == 2
    assert "computes other features" in done.stderr


def test_a_standardizer_of_another_input_is_refused(sertool: Run, modelled: Path, noise: Path) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    model.write_bytes(
        tflite.write(graph, {**metadata, "standardizer": {**metadata["standardizer"], "scale": 2**-6}})
    )
    done = sertool("classify", noise, folder=modelled)
    assert done.returncode == 2
    assert "input is quantized as" in done.stderr


def test_a_foreign_model_says_what_it_lacks(sertool: Run, modelled: Path, noise: Path) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, _ = tflite.read(model)
    model.write_bytes(tflite.write(graph, {}))
    done = sertool("render", folder=modelled)
    assert done.returncode == 2
    assert "does not say how its features are made" in done.stderr


def test_an_output_that_cannot_be_written(sertool: Run, modelled: Path) -> None:
    firmware = modelled / "build" / "stm32" / "firmware"
    firmware.write_text("a file stands here")
    done = sertool("render", folder=modelled)
    assert done.returncode == 2
    assert "taken by something of another kind" in done.stderr
    assert firmware.read_text() == "a file stands here"
    assert sorted(path.name for path in firmware.parent.iterdir()) == ["firmware", "model"]


def without(tmp_path: Path, *missing: str) -> str:
    """A PATH of links to every tool of this machine but the ones named."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for tool in Path(place).glob("*") if Path(place).is_dir() else ():
            link = folder / tool.name
            link.unlink(missing_ok=True)
            if not any(tool.name.startswith(name) for name in missing):
                link.symlink_to(tool)
    return str(folder)


@pytest.mark.parametrize(
    ("tool", "remedy"),
    [
        ("arm-none-eabi-", "apt-get install gcc-arm-none-eabi"),
        ("qemu-system-arm", "apt-get install qemu-system-arm"),
    ],
)
def test_a_missing_tool_is_told_before_training(sertool: Run, tmp_path: Path, tool: str, remedy: str) -> None:
    done = sertool("build", "--output", tmp_path / "out", PATH=without(tmp_path, tool))
    assert done.returncode == 2, done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--bits", "1,1,8"), "too few widths: dense4, logits have none"),
        (("--bits", "1,1,8,9,8"), "unsupported width '9' for layer dense4"),
        (("--strategy", "exhaustive"), "5 layers have 32,768 plans: too many to try them all"),
        (("--max-bytes", "1000"), "more: that is plan 1,1,1,1,1"),
        (("--max-bytes", "1000", "--max-instructions", "1000"), "exclude each other"),
    ],
)
def test_widths_that_cannot_be_had_are_told_before_training(
    sertool: Run, speech: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    done = sertool("build", "--corpus", speech, *options, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "build").exists()


def test_a_board_without_emulator_is_left_out_unless_asked_for(
    sertool: Run, modelled: Path, noise: Path
) -> None:
    text = (Path(__file__).parents[2] / "targets" / "stm32f405.toml").read_text()
    text = text.replace('[qemu]\nmachine = "netduinoplus2"\n', "").replace('"stm32f405"', '"mine"')
    (modelled / "mine.toml").write_text(text.replace('"stm32"', '"mine1"'))
    (modelled / "build" / "stm32").rename(modelled / "build" / "mine")
    done = sertool("simulate", noise, "--target", "mine.toml", "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    assert not [name for name in json.loads(done.stdout)["engines"] if name.startswith("board")]


def test_doctor_says_what_is_missing_and_exits_with_1(sertool: Run, tmp_path: Path) -> None:
    done = sertool("doctor", "--json", PATH=without(tmp_path, "arm-none-eabi-", "qemu-system-arm"))
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    missing = {entry["name"]: entry["remedy"] for entry in found["findings"] if not entry["present"]}
    assert missing["QEMU"] == "apt-get install qemu-system-arm"
    assert "gcc-arm-none-eabi" in missing["cross-compiler"]


def test_doctor_is_content_here(sertool: Run) -> None:
    done = sertool("doctor")
    assert done.returncode == 0, done.stdout
    assert "ready to build" in done.stdout


def test_classify_leaves_out_what_its_hint_says(
    sertool: Run, modelled: Path, noise: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.wav").write_bytes(b"this is no audio")
    done = sertool("classify", noise, tmp_path / "bad.wav", folder=modelled)
    assert (done.returncode, "leave it out with --skip-bad" in done.stderr) == (2, True), done.stderr
    done = sertool("classify", "--skip-bad", "--json", noise, tmp_path / "bad.wav", folder=modelled)
    assert done.returncode == 0, done.stderr
    assert [clip["file"] for clip in json.loads(done.stdout)["clips"]] == [str(noise)]
    assert "left out: " in done.stderr
