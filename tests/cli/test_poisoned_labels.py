"""Nothing that is chosen depends on test labels: poison them, and every file of the model stays the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool import corpora, laq
from sertool.corpora import Clip, Corpus, Split
from sertool.frontend import FrontendSpec
from sertool.material import clip_features
from sertool.project import BuildFolder, CorpusConfig, FrontendConfig, Project, QuantizationConfig
from sertool.stages import recordings
from sertool.stages.convert import convert
from sertool.stages.quantize import quantize
from sertool.stages.recordings import stored_material
from sertool.stages.train import train
from sertool.training import FineTuningConfig, TrainingConfig

HONEST = corpora.split
CHOSEN = ("float.npz", "search.npz", "frontend.json", "laq.npz", "laq.json", "model.tflite")


def poisoned(corpus: Corpus, protocol: str, *, seed: int, fold: int) -> Split:
    """The honest split, with every test clip given another emotion."""
    split, emotions = HONEST(corpus, protocol, seed=seed, fold=fold), corpus.emotions
    wrong: dict[Clip, Clip] = {}
    for number, clip in enumerate(split.test):
        others = [emotion for emotion in emotions if emotion != clip.emotion]
        wrong[clip] = replace(clip, emotion=others[number % len(others)])
    digests = {wrong.get(clip, clip): digest for clip, digest in split.digests.items()}
    return replace(split, test=tuple(wrong.values()), digests=digests)


def under_any_label(corpus: Corpus, spec: FrontendSpec) -> dict[Clip, NDArray[np.int32]]:
    """Features of every clip, and of it as if it were labelled otherwise."""
    found = clip_features(corpus, spec)
    return {replace(clip, emotion=emotion): found[clip] for clip in corpus.clips for emotion in corpus.emotions}


def made(project: Project, root: Path) -> tuple[BuildFolder, dict[str, bytes]]:
    """Train, quantize and convert; return the folder and what was chosen."""
    folder = BuildFolder(root)
    train(project, folder)
    quantize(project, folder)
    convert(folder)
    return folder, {name: (folder.model / name).read_bytes() for name in CHOSEN}


@pytest.mark.slow
def test_poisoned_test_labels_change_nothing(
    speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(
        corpus=CorpusConfig(str(speech), speaker_pattern="/(?P<speaker>s[0-9])_"),
        frontend=FrontendConfig("laq180"),
        training=TrainingConfig(hidden=(12, 8), epochs=4),
        quantization=QuantizationConfig(max_bytes=900, importance=laq.ImportanceConfig(measure="hessian")),
        fine_tuning=FineTuningConfig(epochs=2),
    )
    folder, honest = made(project, tmp_path / "honest")
    truth = stored_material(project, folder).examples("test").labels
    monkeypatch.setattr(corpora, "split", poisoned)
    monkeypatch.setattr(recordings, "clip_features", under_any_label)
    # It would refuse the poison: recordings that are labelled otherwise than the split says.
    monkeypatch.setattr(recordings, "check_same", lambda written, corpus: None)
    folder, again = made(project, tmp_path / "poisoned")
    assert (stored_material(project, folder).examples("test").labels != truth).all()
    assert [name for name in CHOSEN if again[name] != honest[name]] == []
    written = json.loads(honest["laq.json"])
    assert written["origin"] == "laq"
    assert written["cost"]["plan"] == written["bytes"] <= 900 == written["cost"]["limit"]
    assert written["search"]["plan"] == ",".join(written["plan"])
