from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from corpora_clips import PATTERN, samples, write_clip, write_clips, write_labelled

from sertool.cli.audit_text import audit_text
from sertool.cli.corpus import listed_text
from sertool.corpora import Audit, Corpus, audit, known, load
from sertool.corpora.catalogue import describe
from sertool.errors import SertoolError


def audited(corpus: Corpus) -> Audit:
    return audit(corpus, shortest=1024)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path_factory.mktemp("cache")))


def write(path: Path, values: np.ndarray, rate: int = 16000) -> None:
    soundfile.write(path, values.astype(np.int16), rate)


def test_audit_finds_every_kind_of_trouble(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=2, each=6)
    shutil.copy(tmp_path / "anger/s00_00.wav", tmp_path / "sadness/s01_50.wav")
    mono = samples(50, seconds=0.2)[:, 0]
    write(tmp_path / "anger/s00_51.wav", np.where(np.arange(len(mono)) % 100 < 4, 32767, mono))
    write(tmp_path / "anger/s00_52.wav", np.where(np.arange(len(mono)) % 100 == 4, -32768, mono))
    write(tmp_path / "anger/s00_53.wav", mono // 100)
    write(tmp_path / "anger/s00_54.wav", np.zeros(3200))
    write(tmp_path / "anger/s00_55.wav", np.concatenate([np.zeros(9600), mono]))
    write(tmp_path / "anger/s00_56.wav", mono[:900])
    write(tmp_path / "anger/s00_57.wav", np.stack([mono, mono], axis=1), 44100)
    (tmp_path / "anger/s00_58.wav").write_text("no audio")
    write(tmp_path / "anger/s00_59.wav", np.stack([mono, -mono], axis=1))
    write(tmp_path / "anger/s00_60.wav", mono + 1200)
    write_clip(tmp_path / "anger/s00_61.wav", 61)
    (tmp_path / "anger/s00_61.wav").rename(tmp_path / "anger/s00_\udce9.wav")
    found = audited(load(tmp_path, speaker_pattern=PATTERN))
    assert found.clips == 36
    assert list(found.unreadable) == ["anger/s00_58.wav", "anger/s00_\\xe9.wav"]
    assert found.unreadable["anger/s00_\\xe9.wav"] == "its name is not UTF-8: rename it"
    assert found.cancelling == ("anger/s00_59.wav",)
    assert found.offset == ("anger/s00_60.wav",)
    assert found.duplicates == found.mislabelled == (("anger/s00_00.wav", "sadness/s01_50.wav"),)
    assert found.clipped == {"anger/s00_51.wav": 128, "anger/s00_52.wav": 32}
    assert found.clipped_runs == ("anger/s00_51.wav",)
    assert found.quiet == ("anger/s00_53.wav",)
    assert found.mute == ("anger/s00_54.wav",)
    assert found.padded == ("anger/s00_55.wav",)
    assert found.short == ("anger/s00_56.wav",)
    assert found.rates == {16000: 33, 44100: 1}
    assert found.channels == {1: 32, 2: 2}
    assert found.stereo_equal == 1
    assert found.counts["anger"] == {"s00": 17, "s01": 6}
    assert found.seconds["longest"] == 0.8


def test_audit_as_text_and_as_json(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=2, each=6)
    (tmp_path / "anger/s00_00.wav").write_text("no audio")
    found = audited(load(tmp_path, speaker_pattern=PATTERN))
    assert json.loads(json.dumps(found.to_dict()))["rates"] == {"16000": 23}
    text = audit_text(found)
    assert "unreadable: 1: anger/s00_00.wav (cannot read the audio" in text
    assert "  anger      12     6     6" in text
    assert "split random10 (1 fold): of the tested clips 100% are of a trained speaker, 0% are copies" in text


def test_audit_with_many_speakers_keeps_to_the_line(tmp_path: Path) -> None:
    text = audit_text(audited(load(write_labelled(tmp_path, speakers=13, each=1), speaker_pattern=PATTERN)))
    assert "  anger      13  from 13 speakers, 1 to 1 each" in text


def test_audit_says_what_leaks(tmp_path: Path) -> None:
    names = [f"wav/{s:02d}a0{t}{e}a.wav" for s in (3, 8, 9) for t in (1, 2, 3) for e in "WN"]
    corpus = load(write_clips(tmp_path, names))
    write_clip(tmp_path / names[0], seed=500)
    write_clip(tmp_path / names[2], seed=500)
    random10, speaker = audited(corpus).leaks
    assert (random10.folds, random10.speakers, random10.copies, random10.sentences) == (1, 1.0, 0.0, 1.0)
    assert (speaker.folds, speaker.speakers, speaker.copies, speaker.sentences) == (3, 0.0, 0.0, 1.0)
    assert speaker.copies_kept == 2
    assert "(2 have a copy, kept on their side)" in audit_text(audited(corpus))


def test_audit_says_which_split_is_not_possible(tmp_path: Path) -> None:
    random10, speaker = audited(load(write_labelled(tmp_path, speakers=1, each=2))).leaks
    assert "too few different clips" in str(random10.impossible)
    assert "cannot split by speaker" in str(speaker.impossible)
    assert "not possible" in audit_text(audited(load(tmp_path)))


def test_nothing_readable(tmp_path: Path) -> None:
    corpus = load(write_labelled(tmp_path, speakers=1, each=1))
    for clip in corpus.clips:
        clip.path.write_bytes(b"")
    with pytest.raises(SertoolError, match="none of the 2 clips can be read"):
        audited(corpus)


def test_known_corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_clips(tmp_path / "berlin", ["wav/03a01Wa.wav", "wav/03a01Na.wav"])
    write_labelled(tmp_path / "own", speakers=1, each=1)
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SERTOOL_CORPORA", str(tmp_path))
    rows = known()
    assert [(row.name, row.kind, row.clips) for row in rows] == [
        ("berlin", "emodb", 2),
        ("own", "folder", 2),
        ("ravdess", "ravdess", 0),
        ("savee", "savee", 0),
        ("tess", "tess", 0),
        ("cremad", "cremad", 0),
        ("synthetic", "synthetic", 0),
    ]
    assert "CC BY-NC-SA 4.0" in listed_text(rows[2]) and "zenodo.org" in listed_text(rows[2])
    assert "\n  --corpus synthetic makes it" in listed_text(rows[-1])
    assert "berlin (emodb): 2 clips, 1 speakers, 2 emotions" in listed_text(rows[0])
    json.dumps([row.to_dict() for row in rows])


def test_a_folder_that_can_be_read_in_several_ways_is_listed_with_its_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_clips(tmp_path / "mine", [f"{who}/{e}/1.wav" for who in ("ann", "bob") for e in ("angry", "sad")])
    monkeypatch.setenv("SERTOOL_CORPORA", str(tmp_path))
    row = known()[0]
    assert (row.name, row.root, row.clips) == ("mine", tmp_path / "mine", 0)
    told = listed_text(row)
    assert "mine: not read as it is" in told and "this folder can be read in 3 ways" in told


def test_nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERTOOL_CORPORA", raising=False)
    assert all(row.root is None for row in known())


@pytest.mark.parametrize("kind", ["emodb", "ravdess", "savee", "tess", "cremad"])
def test_descriptions_have_what_a_model_card_needs(kind: str) -> None:
    text = describe(kind)
    assert text is not None
    assert text.kind == kind and text.citation and text.terms and text.terms_source
    assert describe("folder") is None
