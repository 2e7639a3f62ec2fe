from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from corpora_clips import PATTERN, write_clip, write_clips, write_labelled

from sertool.corpora import Corpus, Split, contents, folds, load, screen, split
from sertool.corpora.split import SplitRecord
from sertool.errors import SertoolError
from sertool.fold_text import fold_text
from sertool.json_files import json_text, load_json
from sertool.plain_values import Source, from_plain, path_of, to_plain


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path_factory.mktemp("cache")))


def corpus_of(root: Path, speakers: int, each: int) -> Corpus:
    return load(write_labelled(root, speakers, each), speaker_pattern=PATTERN)


def names(corpus: Corpus, made: Split) -> dict[str, list[str]]:
    return {part: [corpus.relative(clip) for clip in clips] for part, clips in made.parts.items()}


def test_random10_is_stratified_and_says_that_speakers_are_shared(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=4, each=10)
    made = split(corpus, seed=3)
    assert [len(part) for part in made.parts.values()] == [64, 8, 8]
    assert Counter(clip.emotion for clip in made.test) == {"anger": 4, "sadness": 4}
    assert Counter(clip.emotion for clip in made.validation) == {"anger": 4, "sadness": 4}
    assert sorted(made.train + made.validation + made.test) == sorted(corpus.clips)
    assert made.notes == ("speakers are shared: 3 of 4 speak in both train and test",)


def test_a_split_depends_on_the_seed_and_on_nothing_else(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "a", speakers=2, each=10)
    moved = corpus_of(tmp_path / "b", speakers=2, each=10)
    assert names(corpus, split(corpus, seed=1)) == names(moved, split(moved, seed=1))
    assert names(corpus, split(corpus, seed=1)) != names(corpus, split(corpus, seed=2))


def test_a_split_is_the_same_on_every_machine(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=2, each=10)
    assert names(corpus, split(corpus, seed=7))["test"] == [
        "anger/s00_03.wav",
        "anger/s00_08.wav",
        "sadness/s00_00.wav",
        "sadness/s00_04.wav",
    ]


@pytest.mark.parametrize(("speakers", "expected"), [(2, 2), (10, 10), (11, 6), (24, 8), (91, 10)])
def test_folds_by_speaker(tmp_path: Path, speakers: int, expected: int) -> None:
    corpus = corpus_of(tmp_path, speakers, each=1)
    assert folds(corpus, "speaker") == expected
    assert folds(corpus, "random10") == 1


@pytest.mark.parametrize("speakers", [2, 5, 12])
def test_speaker_folds_test_everybody_once_and_never_mix(tmp_path: Path, speakers: int) -> None:
    corpus = corpus_of(tmp_path, speakers, each=4)
    tested: list[str] = []
    for fold in range(folds(corpus, "speaker")):
        made = split(corpus, "speaker", fold=fold, seed=5)
        here = {clip.speaker for clip in made.test}
        others = {clip.speaker for clip in made.train + made.validation}
        assert not here & others
        assert len(made.train) + len(made.validation) + len(made.test) == len(corpus.clips)
        tested += sorted(here)
    assert sorted(tested) == list(corpus.speakers)


def test_validation_is_other_speakers_where_enough_remain(tmp_path: Path) -> None:
    made = split(corpus_of(tmp_path / "many", speakers=8, each=2), "speaker")
    assert not {clip.speaker for clip in made.validation} & {clip.speaker for clip in made.train}
    assert made.notes[1].startswith("validation speakers: s0")
    few = split(corpus_of(tmp_path / "few", speakers=3, each=4), "speaker")
    assert {clip.speaker for clip in few.validation} <= {clip.speaker for clip in few.train}
    assert "validation is a tenth of each emotion of the training speakers" in few.notes[1]


def test_validation_speakers_leave_every_emotion_in_train(tmp_path: Path) -> None:
    clips = [f"anger/s{s:02d}_0.wav" for s in range(8)] + ["fear/s02_0.wav", "fear/s02_1.wav"]
    corpus = load(write_clips(tmp_path, clips), speaker_pattern=PATTERN)
    for seed in range(10):
        made = split(corpus, "speaker", seed=seed, fold=0)
        assert {clip.emotion for clip in made.train} == {"anger", "fear"}


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_copies_never_straddle(tmp_path: Path, suffix: str) -> None:
    write_labelled(tmp_path, speakers=2, each=10)
    for k in range(10):
        write_clip(tmp_path / f"anger/s00_9{k}.{suffix}", seed=k)
    corpus = load(tmp_path, speaker_pattern=PATTERN)
    for seed in range(5):
        made = split(corpus, seed=seed)
        sides = [{made.digests[clip] for clip in part} for part in made.parts.values()]
        assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]


def test_copies_under_another_speakers_name_are_left_out(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=3, each=4)
    shutil.copy(tmp_path / "anger/s00_00.wav", tmp_path / "anger/s01_99.wav")
    made = split(load(tmp_path, speaker_pattern=PATTERN), "speaker", fold=0)
    assert "1 copies of test clips were left out of train" in made.notes
    assert not any(clip.path.name == "s01_99.wav" for part in made.parts.values() for clip in part)


def test_a_written_split_comes_back(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "a", speakers=2, each=5)
    made = split(corpus, seed=1)
    path = tmp_path / "split.json"
    path.write_text(json_text(made.record()))
    assert str(tmp_path / "a") not in path.read_text()
    record = load_json(path, SplitRecord, "again")
    again = Split.from_record(record, corpus.root)
    assert (again.parts, again.notes, again.record()) == (made.parts, made.notes, made.record())
    (tmp_path / "a").rename(tmp_path / "b")
    assert Split.from_record(record, tmp_path / "b").record() == record


def test_a_written_split_notices_changed_and_missing_files(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=2, each=5)
    record = split(corpus).record()
    write_clip(tmp_path / "anger/s00_00.wav", seed=999)
    with pytest.raises(SertoolError, match=r"1 clip cannot be used(.|\n)*s00_00\.wav: holds other audio now"):
        Split.from_record(record, tmp_path)
    (tmp_path / "anger/s00_00.wav").unlink()
    with pytest.raises(SertoolError, match=r"1 clip cannot be used(.|\n)*s00_00\.wav: no such audio file"):
        Split.from_record(record, tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(test=[]), "there is no clip to test\n  where: split: test"),
        (lambda data: data["test"].append(data["train"][0]), "is in train too\n  where: split: test.2."),
        (lambda data: data["test"][0].update(content=data["train"][3]["content"]), "is in train too"),
        (lambda data: data["train"][0].update(file="../../secret.wav"), "a path below the folder, without"),
        (lambda data: data["train"][0].update(file="/etc/passwd"), "a path below the folder"),
        (lambda data: data["train"][1].update(emotion=""), r"where: split: train\[1\].emotion"),
        (lambda data: data.update(seed=-1), "seed = -1 cannot be used"),
    ],
)
def test_a_malformed_split(tmp_path: Path, change: Callable[[Any], object], message: str) -> None:
    data = to_plain(split(corpus_of(tmp_path, speakers=2, each=5)).record())
    change(data)
    with pytest.raises(SertoolError, match=message):
        from_plain(SplitRecord, data, Source("a split", lambda keys: f"split: {path_of(keys)}"))


def test_unknown_protocol(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"unknown protocol: loso\n  allowed: random10, speaker, own"):
        split(corpus_of(tmp_path, 1, 3), "loso")


def test_a_fold_is_told_where_there_are_several() -> None:
    assert [fold_text(0, 1), fold_text(0, 2)] == ["", ", fold 0 of 0 to 1"]
    assert fold_text(7, 8) == ", fold 7 of 0 to 7"


@pytest.mark.parametrize(
    ("protocol", "fold", "allowed"),
    [
        ("random10", 1, "0$"),
        ("speaker", 2, "0 to 1$"),
        ("speaker", -1, "0 to 1$"),
    ],
)
def test_fold_out_of_range(tmp_path: Path, protocol: str, fold: int, allowed: str) -> None:
    with pytest.raises(SertoolError, match=rf"no fold {fold} in protocol {protocol}\n  allowed: {allowed}"):
        split(corpus_of(tmp_path, 2, 3), protocol, fold=fold)


def test_negative_seed(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="the seed is negative: -1"):
        split(corpus_of(tmp_path, 2, 3), seed=-1)


def test_one_speaker(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="cannot split by speaker"):
        split(corpus_of(tmp_path, 1, 3), "speaker")


def test_too_few_clips_of_an_emotion(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=2, each=5)
    write_clip(tmp_path / "fear/s00_00.wav", seed=76)
    write_clip(tmp_path / "fear/s01_00.wav", seed=77)
    write_clip(tmp_path / "fear/s01_01.wav", seed=77)
    corpus = load(tmp_path, speaker_pattern=PATTERN)
    with pytest.raises(
        SertoolError, match=r"fear has 2, 3 are needed \(one each for train, validation and test\)"
    ):
        split(corpus)
    with pytest.raises(SertoolError, match=r"fear has 1, 2 are needed \(one each .* with s00 held out\)"):
        split(corpus, "speaker", fold=0)


def test_bad_clips_are_counted_and_named_at_once(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=2, each=5)
    (tmp_path / "anger/s00_00.wav").write_text("noise")
    (tmp_path / "anger/s00_01.wav").write_bytes(b"")
    for use in (split, partial(screen, shortest=1024)):
        with pytest.raises(
            SertoolError, match=r"2 clips cannot be used:(.|\n)*s00_00\.wav(.|\n)*s00_01\.wav: .*empty"
        ):
            use(corpus)
    kept = screen(corpus, shortest=1024, skip_bad=True)
    assert len(kept.corpus.clips) == 18
    assert [path.name for path, _ in kept.skipped] == ["s00_00.wav", "s00_01.wav"]
    assert len(split(kept.corpus).train) == 14


def test_many_bad_clips_are_summed_up(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=2, each=5)
    for clip in corpus.clips:
        clip.path.write_text("noise")
    with pytest.raises(SertoolError, match=r"20 clips cannot be used(.|\n)*and 15 more"):
        contents(clip.path for clip in corpus.clips)
    with pytest.raises(SertoolError, match="20 clips cannot be used"):
        screen(corpus, shortest=1024, skip_bad=True)


def test_clips_shorter_than_a_frame(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, speakers=2, each=5)
    write_clip(tmp_path / "anger/s00_00.wav", seconds=0.03, rate=8000)
    write_clip(tmp_path / "anger/s00_01.wav", seconds=0.064, rate=48000)
    with pytest.raises(
        SertoolError, match=r"1 clip cannot be used(.|\n)*s00_00\.wav: shorter than a frame: 30 ms of 64 ms"
    ):
        screen(corpus, shortest=1024)


def test_contents_see_through_the_container(tmp_path: Path) -> None:
    import numpy as np
    import soundfile
    from corpora_clips import samples

    mono = samples(4)
    soundfile.write(tmp_path / "a.wav", mono, 16000)
    soundfile.write(tmp_path / "b.flac", mono, 16000)
    soundfile.write(tmp_path / "c.wav", np.repeat(mono, 2, axis=1), 16000)
    soundfile.write(tmp_path / "d.wav", mono.astype(np.int32) << 16, 16000, subtype="PCM_24")
    soundfile.write(tmp_path / "e.wav", mono, 8000)
    found = contents(sorted(tmp_path.iterdir()))
    digests = [content.digest for content in found.values()]
    assert len(set(digests[:4])) == 1
    assert digests[4] != digests[0]
    assert next(iter(found.values())).seconds == 0.1


def test_contents_without_a_place_to_remember(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path / "file" / "below"))
    clip = write_clip(tmp_path / "a.wav")
    assert contents([clip]) == contents([clip])


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-1], lambda data: data.replace(b"16", b"61")]
)
def test_contents_with_a_damaged_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path / "cache"))
    clip = write_clip(tmp_path / "a.wav")
    before = contents([clip])
    (memory,) = (tmp_path / "cache" / "corpora").rglob("*.json")
    assert damage(memory.read_bytes()) != memory.read_bytes()
    memory.write_bytes(damage(memory.read_bytes()))
    assert contents([clip]) == before


def divided(root: Path, *, validation: bool = True, speakers: int = 3, each: int = 4) -> Corpus:
    """Folders of parts, above folders of speakers and labels; every clip another noise."""
    parts = ("train", "validation", "test") if validation else ("train", "test")
    names = [
        f"{part}/s{s:02d}/{e}/{k}.wav"
        for part in parts
        for s in range(speakers)
        for e in ("anger", "sadness")
        for k in range(each)
    ]
    return load(write_clips(root, names))


def test_own_parts_are_taken_as_they_come(tmp_path: Path) -> None:
    corpus = divided(tmp_path)
    made = split(corpus)
    assert (made.protocol, folds(corpus, "own")) == ("own", 1)
    for part, clips in made.parts.items():
        assert len(clips) == 24 and {clip.part for clip in clips} == {part}
    assert made.notes == ("speakers are shared: 3 of 3 speak in both train and test",)
    assert split(corpus, seed=5).parts == made.parts
    assert split(corpus, "random10").protocol == "random10"


@pytest.mark.parametrize(
    ("speakers", "note"), [(2, "validation is a tenth of each emotion"), (7, "validation speakers: s0")]
)
def test_own_parts_without_validation_draw_it_from_train(tmp_path: Path, speakers: int, note: str) -> None:
    corpus = divided(tmp_path, validation=False, speakers=speakers)
    made = split(corpus, seed=1)
    assert {clip.part for clip in made.train + made.validation} == {"train"}
    assert {clip.part for clip in made.test} == {"test"}
    assert len(made.train) + len(made.validation) + len(made.test) == len(corpus.clips)
    assert made.notes[0].startswith("no clip is in the part validation, which is drawn from train: " + note)
    held = {clip.speaker for clip in made.validation}
    assert (not held & {clip.speaker for clip in made.train}) == (speakers == 7)
    assert split(corpus, seed=1).parts == made.parts
    assert len({split(corpus, seed=seed).validation for seed in range(5)}) > 1


def test_copies_between_own_parts_are_told_and_never_stand_on_two_sides(tmp_path: Path) -> None:
    divided(tmp_path)
    shutil.copy(tmp_path / "test/s00/anger/0.wav", tmp_path / "train/s01/anger/x.wav")
    shutil.copy(tmp_path / "test/s00/anger/0.wav", tmp_path / "validation/s01/anger/x.wav")
    shutil.copy(tmp_path / "validation/s02/anger/1.wav", tmp_path / "train/s01/anger/y.wav")
    made = split(load(tmp_path))
    assert [len(clips) for clips in made.parts.values()] == [24, 24, 24]
    assert made.notes[:3] == (
        "1 copies of test clips were left out of validation: validation/s01/anger/x.wav = test/s00/anger/0.wav",
        "1 copies of test clips were left out of train: train/s01/anger/x.wav = test/s00/anger/0.wav",
        "1 copies of validation clips were left out of train: "
        "train/s01/anger/y.wav = validation/s02/anger/1.wav",
    )
    Split.from_record(made.record(), tmp_path)


def test_labels_that_own_parts_lack_are_told_or_refused(tmp_path: Path) -> None:
    divided(tmp_path)
    shutil.rmtree(tmp_path / "test/s00/sadness")
    for speaker in ("s01", "s02"):
        shutil.rmtree(tmp_path / f"test/{speaker}/sadness")
    assert "no test clip of sadness" in split(load(tmp_path)).notes
    write_clip(tmp_path / "test/s00/fear/1.wav", seed=900)
    with pytest.raises(SertoolError, match=r"fear has 0, 1 are needed \(in the part train\)"):
        split(load(tmp_path))


def test_own_parts_need_a_test(tmp_path: Path) -> None:
    names = [f"{part}/{e}/{k}.wav" for part in ("train", "dev") for e in ("anger", "sadness") for k in range(3)]
    with pytest.raises(SertoolError, match="no clip is in the part test"):
        split(load(write_clips(tmp_path, names)))


def test_no_own_parts(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="has no parts of its own"):
        split(corpus_of(tmp_path, 2, 3), "own")


def test_own_parts_have_one_fold(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"no fold 1 in protocol own\n  allowed: 0$"):
        split(divided(tmp_path), fold=1)
