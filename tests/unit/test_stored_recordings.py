"""Later stages take up the recordings that were trained on, wherever they lie now, and no others."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sertool import corpora
from sertool.corpora import Corpus
from sertool.corpora.split import SplitRecord
from sertool.errors import SertoolError
from sertool.stages.recordings import check_same


def folder(path: Path, seed: int) -> Corpus:
    """Three labels, two speakers, two clips each, of noise that the seed draws."""
    random = np.random.default_rng(seed)
    for label in ("anger", "fear", "joy"):
        for name in ("a_1", "a_2", "b_1", "b_2"):
            (path / label).mkdir(parents=True, exist_ok=True)
            soundfile.write(path / label / f"{name}.wav", random.normal(0, 0.1, 8000), 16000, "PCM_16")
    return corpora.load(path)


@pytest.fixture
def trained(tmp_path: Path) -> SplitRecord:
    return corpora.split(folder(tmp_path / "first", 1), "random10").record()


def test_the_same_recordings_elsewhere(tmp_path: Path, trained: SplitRecord) -> None:
    check_same(trained, folder(tmp_path / "elsewhere", 1))


def test_another_corpus_of_the_same_names_is_told(tmp_path: Path, trained: SplitRecord) -> None:
    with pytest.raises(SertoolError, match="this is another corpus than the model was trained on: none of"):
        check_same(trained, folder(tmp_path / "first again", 2))


def test_other_labels_of_the_same_sounds_are_told(tmp_path: Path, trained: SplitRecord) -> None:
    corpus = folder(tmp_path / "elsewhere", 1)
    turned = {"anger": "fear", "fear": "anger"}
    clips = [dataclasses.replace(clip, emotion=turned.get(clip.emotion, clip.emotion)) for clip in corpus.clips]
    with pytest.raises(SertoolError, match="labelled otherwise"):
        check_same(trained, dataclasses.replace(corpus, clips=tuple(clips)))
    (tmp_path / "elsewhere" / "joy").rename(tmp_path / "elsewhere" / "delight")
    with pytest.raises(SertoolError, match="labelled otherwise") as caught:
        check_same(trained, corpora.load(tmp_path / "elsewhere"))
    assert "anger, fear, " in str(caught.value.allowed)


def test_a_label_that_was_added_is_told(tmp_path: Path, trained: SplitRecord) -> None:
    folder(tmp_path / "elsewhere", 1)
    added = tmp_path / "elsewhere" / "sadness"
    added.mkdir()
    soundfile.write(added / "a_1.wav", np.zeros(8000) + 0.01, 16000, "PCM_16")
    with pytest.raises(SertoolError, match="labelled otherwise"):
        check_same(trained, corpora.load(tmp_path / "elsewhere"))
