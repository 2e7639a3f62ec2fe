"""The command as a person runs it, a small model without training, and a small corpus of labelled folders."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

import commands
from commands import Run
from networks import network
from sertool import corpora, tflite
from sertool.corpora.synthesis import perform
from sertool.frontend import Descriptor, FrontendSpec
from sertool.graph.build import network as network_of
from sertool.material import features_of
from sertool.stages.features import golden_crc32
from sertool.standardization import INPUT, Standardizer

EMOTIONS = ("anger", "neutral", "sadness")
SPEC = FrontendSpec(descriptors=(Descriptor("log_mel", 16),))


@pytest.fixture(scope="session")
def sertool() -> Run:
    """Run `sertool` with arguments in a folder; `environment` adds to the variables."""

    def run(
        *arguments: str | Path, folder: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return commands.run(list(map(str, arguments)), folder, environment)

    return run


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Labelled folders of synthetic speech: 3 emotions, 4 speakers, 4 sentences."""
    folder = tmp_path_factory.mktemp("speech")
    for emotion in EMOTIONS:
        (folder / emotion).mkdir()
        for speaker in range(4):
            for utterance in range(4):
                path = folder / emotion / f"s{speaker}_{utterance}.wav"
                soundfile.write(path, perform(emotion, speaker, utterance), 16000, "PCM_16")
    return folder


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory, speech: Path) -> Path:
    """A `model.tflite` of random weights behind a real front end: everything but the accuracy."""
    drawn = network((SPEC.features, 24, 12, 3), ("1", "ternary", "5"))
    first = dataclasses.replace(drawn.weighted[0], input_quantization=INPUT)
    graph = network_of((first, *drawn.layers[1:]), drawn.labels)
    clips = corpora.load(speech).clips
    standardizer = Standardizer.fit(features_of([clip.path for clip in clips], SPEC))
    metadata = {
        "frontend": SPEC.to_dict(),
        "standardizer": standardizer.to_dict(),
        "golden_crc32": golden_crc32(SPEC),
    }
    path = tmp_path_factory.mktemp("model") / "model.tflite"
    path.write_bytes(tflite.write(graph, metadata))
    return path


@pytest.fixture
def modelled(tmp_path: Path, small_model: Path) -> Path:
    """A folder with `build/stm32/model/model.tflite` in it."""
    model = tmp_path / "build" / "stm32" / "model" / "model.tflite"
    model.parent.mkdir(parents=True)
    model.write_bytes(small_model.read_bytes())
    return tmp_path


@pytest.fixture
def following(modelled: Path) -> Path:
    """The same, of a model that follows its speaker."""
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    weights = [1] * len(metadata["standardizer"]["offset"])
    follows = {
        "running": {"prior": 5, "most": 16},
        "variety": {"weights": weights, "shift": 5, "low": 20, "high": 2000},
    }
    model.write_bytes(tflite.write(graph, {**metadata, "standardizer": metadata["standardizer"] | follows}))
    return modelled


@pytest.fixture
def enrolling(modelled: Path) -> Path:
    """The same, of a model with which speakers enrol."""
    model = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(model)
    size = len(metadata["standardizer"]["offset"])
    enrols = {"enrolled": {"most": 3}, "neutral": {"points": [300] * size, "priors": [4] * size}}
    model.write_bytes(tflite.write(graph, {**metadata, "standardizer": metadata["standardizer"] | enrols}))
    return modelled


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A second of noise in a WAV file."""
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.random.default_rng(0).integers(-3000, 3000, 16000).astype(np.int16), 16000)
    return path
