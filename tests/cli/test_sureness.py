"""`sertool classify` of what is no speech: a clear answer, and why; the same integers from every engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from commands import Run
from sertool import tflite
from sertool.corpora.synthesis import perform

FRAME = 1024


@pytest.fixture
def sounds(tmp_path: Path) -> dict[str, Path]:
    """Bad recordings and a good one, by what is wrong with them."""
    time = np.arange(24000)
    speech = perform("anger", 0, 0)
    samples = {
        "good": speech,
        "silence": np.zeros(24000),
        "noise": np.random.default_rng(0).integers(-3000, 3000, 24000),
        "constant": np.full(24000, 7000),
        "square": np.where(time // 40 % 2, 32767, -32768),
        "clipped": np.clip(speech.astype(np.int32) * 40, -32768, 32767),
        "frame": speech[6000 : 6000 + FRAME],
        "faint": speech // 512,
    }
    paths = {}
    for name, values in samples.items():
        paths[name] = tmp_path / f"{name}.wav"
        soundfile.write(paths[name], values.astype(np.int16), 16000, "PCM_16")
    return paths


def test_bad_recordings_are_answered_and_told_why(
    sertool: Run, modelled: Path, sounds: dict[str, Path]
) -> None:
    done = sertool("classify", *sounds.values(), "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    clips = json.loads(done.stdout)["clips"]
    answers = {name: (clip["answer"], clip["doubts"]) for name, clip in zip(sounds, clips, strict=True)}
    assert answers == {
        # A model without a rule of its own is sure of what sounds like a voice.
        "good": ("sure", []),
        "silence": ("no voice", ["too quiet", "no voice"]),
        "noise": ("no voice", ["no voice"]),
        "constant": ("no voice", ["no voice"]),
        "square": ("no voice", ["clipped", "no voice"]),
        "clipped": ("not sure", ["clipped"]),
        "frame": ("not sure", ["too short"]),
        "faint": ("not sure", ["too quiet"]),
    }
    said = sertool("classify", sounds["silence"], sounds["good"], folder=modelled).stdout.splitlines()
    assert "no voice: too quiet, no voice" in said[-2]
    assert said[-1].endswith("sure")


def test_a_rule_of_the_model_decides(sertool: Run, modelled: Path, sounds: dict[str, Path]) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    for rule, doubts in (
        ({"least": 256, "farthest": 0}, {"unlike training"}),
        ({"least": 256, "farthest": 2**31 - 1}, set()),
    ):
        model.write_bytes(tflite.write(graph, {**metadata, "answers": rule}))
        (clip,) = json.loads(sertool("classify", sounds["good"], "--json", folder=modelled).stdout)["clips"]
        close = {"between two labels", "no label stands out"} & set(clip["doubts"])
        assert clip["answer"] == "not sure" and len(close) == 1
        assert set(clip["doubts"]) - close == doubts
    for wrong in ({"least": 257}, {"least": -1}, {"farthest": 2**31}, {"most": 1}, {"least": "1"}):
        model.write_bytes(tflite.write(graph, {**metadata, "answers": wrong}))
        done = sertool("classify", sounds["good"], folder=modelled)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert f"answers.{next(iter(wrong))}" in done.stderr


def test_engines_answer_alike(sertool: Run, modelled: Path, sounds: dict[str, Path]) -> None:
    done = sertool(
        *("simulate", *sounds.values(), "--engines", "host,emulator:cortex-m4", "--board-clips", 3, "--json"),
        folder=modelled,
    )
    assert done.returncode == 0, done.stderr
    written = json.loads((modelled / "build" / "stm32" / "verification.json").read_text())
    compared = {
        each["engine"]: {layer["layer"]: (layer["compared"], layer["mismatches"]) for layer in each["layers"]}
        for each in written["comparison"]["engines"]
    }
    assert compared["host, from PCM"]["answer"] == (2 * len(sounds), 0)
    assert compared["emulator:cortex-m4, from PCM"]["answer"] == (6, 0)


@pytest.mark.parametrize("value", ["0", "101", "1.5"])
def test_coverages_that_there_are_not(sertool: Run, tmp_path: Path, speech: Path, value: str) -> None:
    done = sertool("quantize", "--coverage", value, "--output", tmp_path / "out", folder=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "coverage" in done.stderr
