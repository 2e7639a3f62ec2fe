from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sertool.corpora import load, read_pcm, synthesize
from sertool.corpora.manners import MANNERS
from sertool.corpora.synthesis import perform
from sertool.errors import SertoolError


def test_corpus_loads_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    corpus = synthesize(tmp_path / "s", speakers=2, utterances=1)
    assert corpus.synthetic and corpus.kind == corpus.name == "synthetic"
    assert corpus.speakers == ("F1", "M1")
    assert corpus.emotions == tuple(sorted(MANNERS))
    assert load(tmp_path / "s") == corpus
    assert {clip.sentence for clip in corpus.clips} == {"01"}
    assert not read_pcm(corpus.clips[0].path).notes


def test_same_bytes_on_every_machine() -> None:
    digest = hashlib.sha256()
    for emotion in MANNERS:
        digest.update(perform(emotion, 1, 2).astype("<i2").tobytes())
    assert digest.hexdigest() == "7c7a81ec10fe2789e454bd6d6152a63232748cba7fcc710ba40284347164173f"


def test_same_seed_same_corpus_other_seed_another(tmp_path: Path) -> None:
    first, second, third = (
        synthesize(tmp_path / name, seed=seed, speakers=2, utterances=1)
        for name, seed in (("a", 4), ("b", 4), ("c", 5))
    )
    data = [[clip.path.read_bytes() for clip in corpus.clips] for corpus in (first, second, third)]
    assert data[0] == data[1]
    assert all(one != other for one, other in zip(data[0], data[2], strict=True))


def test_what_is_there_is_kept_and_another_recipe_replaces_it(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    stamp = synthesize(folder, speakers=2, utterances=1).clips[0].path.stat().st_mtime_ns
    assert synthesize(folder, speakers=2, utterances=1).clips[0].path.stat().st_mtime_ns == stamp
    assert len(synthesize(folder, speakers=2, utterances=2).clips) == 28


def test_the_name_synthetic_is_the_default_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        "sertool.corpora.synthesis.synthesize",
        lambda folder, **_: synthesize(folder, speakers=2, utterances=1),
    )
    assert load("synthetic").root == (tmp_path / "cache/corpora/synthetic-0").resolve()


def test_emotions_differ_as_the_literature_says() -> None:
    def voice(emotion: str) -> tuple[float, float, float]:
        clips = [perform(emotion, speaker, 0).astype(float) for speaker in range(4)]
        level = float(np.mean([np.sqrt((clip**2).mean()) for clip in clips]))
        slopes = [np.abs(np.diff(clip)).mean() / np.abs(clip).mean() for clip in clips]
        return float(np.mean([len(clip) for clip in clips])), level, float(np.mean(slopes))

    length, level, brightness = zip(*(voice(e) for e in ("anger", "neutral", "sadness")), strict=True)
    assert length[0] < length[1] < length[2]
    assert level[0] > level[1] > level[2]
    assert brightness[0] > brightness[1]


@pytest.mark.parametrize(
    ("argument", "value", "allowed"),
    [("seed", -1, "0 to"), ("speakers", 1, "2 to 8"), ("speakers", 9, "2 to 8"), ("utterances", 0, "1 to 8")],
)
def test_arguments_out_of_range(tmp_path: Path, argument: str, value: int, allowed: str) -> None:
    with pytest.raises(SertoolError, match=f"{argument} = {value}\n  allowed: {allowed}"):
        synthesize(tmp_path / "s", **{argument: value})


@pytest.mark.parametrize("marker", [None, "{"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, marker: str | None) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    if marker is not None:
        (tmp_path / "synthetic.json").write_text(marker)
    with pytest.raises(SertoolError, match="not a synthetic corpus"):
        synthesize(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("a file")
    with pytest.raises(SertoolError, match="not a synthetic corpus"):
        synthesize(tmp_path / "s")
