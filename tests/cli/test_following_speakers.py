"""A model that follows its speaker, at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from commands import Run
from sertool import tflite
from sertool.corpora.synthesis import perform
from sertool.frontend import FrontendSpec
from sertool.graph import reference
from sertool.material import features_of
from sertool.standardization import Standardizer


@pytest.fixture
def sounds(tmp_path: Path) -> list[Path]:
    """Somebody speaking, silence, and an utterance of one frame."""
    heard = [perform(emotion, 1, 7) for emotion in ("anger", "fear", "neutral", "sadness")]
    heard += [np.zeros(9000, np.int16), heard[0][3000:5048]]
    paths = [tmp_path / f"{number}.wav" for number in range(len(heard))]
    for path, pcm in zip(paths, heard, strict=True):
        soundfile.write(path, pcm, 16000, "PCM_16")
    return paths


def predicted(folder: Path, sounds: list[Path], one_speaker: bool) -> list[dict[str, float]]:
    graph, metadata = tflite.read(folder / "build" / "stm32" / "model" / "model.tflite")
    standardizer = Standardizer.from_dict(metadata["standardizer"])
    spec = FrontendSpec.from_dict(metadata["frontend"])
    raw = features_of(sounds, spec)
    speakers = [raw] if one_speaker else [raw[row : row + 1] for row in range(len(raw))]
    inputs = np.concatenate([standardizer.follow(utterances) for utterances in speakers])
    codes = reference.run(graph, inputs)["probabilities"]
    return [dict(zip(graph.labels, ((row.astype(int) + 128) / 256).tolist(), strict=True)) for row in codes]


def classified(sertool: Run, folder: Path, *words: object) -> list[Any]:
    done = sertool("classify", *words, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return [clip["probabilities"] for clip in json.loads(done.stdout)["clips"]]


def test_each_file_is_somebody_new_unless_one_speaker_is_said(
    sertool: Run, following: Path, sounds: list[Path]
) -> None:
    apart, together = (predicted(following, sounds, one_speaker) for one_speaker in (False, True))
    assert apart[0] == together[0]
    assert apart != together
    assert classified(sertool, following, *sounds) == apart
    assert classified(sertool, following, *sounds, "--one-speaker") == together


def test_one_speaker_decides_nothing_for_a_model_that_follows_nobody(
    sertool: Run, modelled: Path, noise: Path
) -> None:
    done = sertool("classify", noise, "--one-speaker", folder=modelled)
    assert done.returncode == 2
    assert "the model follows nobody" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("running", [{"prior": 0, "most": 16}, {"prior": 5, "most": 16, "leak": 1}])
def test_a_model_that_follows_as_none_can_is_refused(
    sertool: Run, modelled: Path, noise: Path, running: dict[str, int]
) -> None:
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    standardizer = {**metadata["standardizer"], "running": running}
    model.write_bytes(tflite.write(graph, {**metadata, "standardizer": standardizer}))
    done = sertool("classify", noise, folder=modelled)
    assert done.returncode == 2
    assert "running" in done.stderr
    assert "Traceback" not in done.stderr


def test_engines_hear_a_sequence_alike(sertool: Run, following: Path, sounds: list[Path]) -> None:
    done = sertool(
        "simulate", *sounds, "--engines", "host,emulator:cortex-m0", "--board-clips", "6", folder=following
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_unknown_standardization_is_refused(sertool: Run, tmp_path: Path) -> None:
    done = sertool("build", "--standardization", "leaky", folder=tmp_path)
    assert done.returncode == 2
    assert "there is no standardization 'leaky'" in done.stderr
    assert "fixed, running, enrolled" in done.stderr
    assert not (tmp_path / "build").exists()


def test_nobody_is_followed_where_nobody_says_who_speaks(sertool: Run, speech: Path, tmp_path: Path) -> None:
    done = sertool("train", "--corpus", speech, "--standardization", "running", folder=tmp_path)
    assert done.returncode == 2
    assert "nobody says who speaks" in done.stderr
    assert "Traceback" not in done.stderr
