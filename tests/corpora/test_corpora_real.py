from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable

import pytest

from sertool.corpora import Corpus, audit, folds, read_pcm, screen, split
from sertool.corpora.emotions import canonical_emotion

Find = Callable[[str], Corpus]

COUNTS = {
    "emodb": {
        "anger": 127,
        "boredom": 81,
        "disgust": 46,
        "fear": 69,
        "happiness": 71,
        "neutral": 79,
        "sadness": 62,
    },
    "savee": dict.fromkeys(("anger", "disgust", "fear", "happiness", "sadness", "surprise"), 60)
    | {"neutral": 120},
    "ravdess": dict.fromkeys(("anger", "calm", "disgust", "fear", "happiness", "sadness", "surprise"), 192)
    | {"neutral": 96},
    "tess": dict.fromkeys(("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 400),
}
SPEAKERS = {"emodb": 10, "savee": 4, "ravdess": 24, "tess": 2}
FOLDS = {"emodb": 10, "savee": 4, "ravdess": 8, "tess": 2}

every_corpus = pytest.mark.parametrize("name", sorted(COUNTS))


@every_corpus
def test_clips_speakers_and_emotions_are_those_published(name: str, real_corpus: Find) -> None:
    corpus = real_corpus(name)
    assert corpus.kind == name
    assert Counter(clip.emotion for clip in corpus.clips) == COUNTS[name]
    assert len(corpus.speakers) == SPEAKERS[name]
    assert all(clip.sentence for clip in corpus.clips)
    assert corpus.notes == ()


@every_corpus
def test_labels_agree_with_the_table_beside_the_corpus(name: str, real_corpus: Find) -> None:
    corpus = real_corpus(name)
    table = corpus.root.with_suffix(".csv")
    if not table.is_file():
        pytest.skip(f"no {table.name} beside the corpus: there are no labels to hold the loader's against")
    with table.open(newline="") as stream:
        expected = {
            row["file"]: (row["speaker"], canonical_emotion(row["emotion"])) for row in csv.DictReader(stream)
        }
    assert {corpus.relative(clip): (clip.speaker, clip.emotion) for clip in corpus.clips} == expected


@every_corpus
def test_every_clip_can_be_used(name: str, real_corpus: Find) -> None:
    corpus = real_corpus(name)
    assert screen(corpus, shortest=1024).corpus == corpus


@every_corpus
def test_speaker_folds_test_every_clip_once(name: str, real_corpus: Find) -> None:
    corpus = real_corpus(name)
    made = [split(corpus, "speaker", fold=fold) for fold in range(folds(corpus, "speaker"))]
    assert len(made) == FOLDS[name]
    assert Counter(clip for one in made for clip in one.test) == Counter(corpus.clips)
    for one in made:
        assert {clip.emotion for clip in one.train} == set(corpus.emotions)
        assert not {clip.speaker for clip in one.test} & {clip.speaker for clip in one.train + one.validation}


@every_corpus
def test_random10_tests_a_tenth(name: str, real_corpus: Find) -> None:
    corpus = real_corpus(name)
    made = split(corpus)
    assert abs(len(made.test) - len(corpus.clips) / 10) < 2
    assert sorted(made.train + made.validation + made.test) == sorted(corpus.clips)


def test_the_tess_file_without_its_letter(real_corpus: Find) -> None:
    corpus = real_corpus("tess")
    (odd,) = [clip for clip in corpus.clips if clip.path.stem == "OA_bite_neutral"]
    assert (odd.speaker, odd.emotion, odd.sentence) == ("OAF", "neutral", "bite")


def test_the_ravdess_copies_are_found_and_stay_together(real_corpus: Find) -> None:
    corpus = real_corpus("ravdess")
    (pair,) = audit(corpus, shortest=1024).duplicates
    stems = {"03-01-03-01-02-01-07", "03-01-03-01-02-02-07"}
    assert {name.split("/")[1].split(".")[0] for name in pair} == stems
    for seed in range(20):
        sides = [
            part
            for part, clips in split(corpus, seed=seed).parts.items()
            for c in clips
            if c.path.stem in stems
        ]
        assert len(sides) == 2 and len(set(sides)) == 1


def test_clips_of_the_right_form_come_through_untouched(real_corpus: Find) -> None:
    import soundfile

    for clip in real_corpus("emodb").clips[:20]:
        samples, rate = soundfile.read(clip.path, dtype="int16")
        pcm = read_pcm(clip.path)
        assert rate == 16000 and pcm.notes == () and (pcm.samples == samples).all()
