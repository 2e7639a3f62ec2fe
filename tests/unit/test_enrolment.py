"""Which clips speakers enrol with, and what training, choosing and testing then hear."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from test_material import LABELS, SPEC, clips, heard, material

from sertool import corpora
from sertool.augmentation import Augmentation
from sertool.corpora import Clip, Split
from sertool.corpora.split import SplitRecord
from sertool.corpora.synthesis import perform
from sertool.errors import SertoolError
from sertool.frontend import preset
from sertool.material import Following, Material, Score, enrolling, following, join, occasions, suitable
from sertool.plain_values import to_plain
from sertool.standardization import Speaker

TRAINED, CHOOSING, TESTED = ("ann", "bob", "cy"), ("dee",), ("eve", "fay", "gus")


def said(speaker: str, count: int, labels: tuple[str, ...] = LABELS) -> list[Clip]:
    """A speaker's clips; every third is neutral."""
    return [
        Clip(Path(f"/toy/{speaker}{number:02}.wav"), speaker, labels[number % len(labels)], "toy")
        for number in range(count)
    ]


def by_speaker(seed: int = 3, few: int = 3) -> Split:
    """Nobody is in two parts. Fay has one neutral clip, gus none."""
    train = [clip for who in TRAINED for clip in said(who, 18)]
    test = [*said("eve", 18), *said("fay", few), *said("gus", 4, ("anger", "sadness"))]
    found = (*train, *said("dee", 12), *test)
    digests = {clip: clip.path.name for clip in found}
    return Split(
        "toy", "speaker", seed, 0, tuple(train), tuple(said("dee", 12)), tuple(test), Path("/toy"), digests
    )


def joined(split: Split, standardization: str = "enrolled") -> Material:
    found = tuple(split.digests)
    corpus = corpora.Corpus("toy", Path("/toy"), found)
    return join(corpus, split, SPEC, heard(found), standardization)


def anything(clip: Clip) -> bool:
    return True


def names(split: Split, speaker: str) -> list[str]:
    return [clip.path.stem for clip in split.enrolled if clip.speaker == speaker]


def test_everybody_enrols_with_what_there_is() -> None:
    split = enrolling(by_speaker(), "enrolled", anything)
    counts = {who: len(names(split, who)) for who in (*TRAINED, *CHOOSING, *TESTED)}
    assert counts == {"ann": 3, "bob": 3, "cy": 3, "dee": 3, "eve": 3, "fay": 1, "gus": 0}
    assert {clip.emotion for clip in split.enrolled} == {"neutral"}


def test_who_enrolled_is_not_tested_on_it_and_training_keeps_all() -> None:
    plain = by_speaker()
    split = enrolling(plain, "enrolled", anything)
    assert split.train == plain.train
    gone = set(split.enrolled) - set(split.train)
    for part in ("validation", "test"):
        assert split.parts[part] == tuple(clip for clip in plain.parts[part] if clip not in gone)
    assert len(split.validation) == 9 and len(split.test) == len(plain.test) - 4


def test_other_standardizations_leave_the_split_alone() -> None:
    for standardization in ("fixed", "running"):
        assert enrolling(by_speaker(), standardization, anything) == by_speaker()


def test_the_seed_draws_and_nobody_elses_clips_matter() -> None:
    drawn = [names(enrolling(by_speaker(seed), "enrolled", anything), "eve") for seed in range(4)]
    assert len({tuple(found) for found in drawn}) > 1
    assert drawn[3] == names(enrolling(by_speaker(3, few=0), "enrolled", anything), "eve")


def test_the_next_is_drawn_for_what_does_not_suit() -> None:
    drawn = {who: names(enrolling(by_speaker(), "enrolled", anything), who) for who in ("ann", "eve", "fay")}
    refused = {drawn["ann"][0], drawn["eve"][1], drawn["fay"][0]}
    split = enrolling(by_speaker(), "enrolled", lambda clip: clip.path.stem not in refused)
    for who, first in drawn.items():
        kept = [name for name in first if name not in refused]
        assert names(split, who)[: len(kept)] == kept
        assert len(names(split, who)) == (0 if who == "fay" else 3)
    tested = {clip.path.stem for clip in split.test}
    assert refused & tested == {drawn["eve"][1], drawn["fay"][0]}
    assert not tested & set(names(split, "eve"))


def test_a_clip_suits_that_every_device_takes(tmp_path: Path) -> None:
    voice = perform("neutral", 1, 7).astype(np.int32)
    sounds = {
        "voice": voice,
        "silence": 0 * voice,
        "quiet": voice // 200,
        "clipped": np.clip(40 * voice, -32768, 32767),
        "tone": np.round(8000 * np.sin(np.arange(16000) * 3)),
        # Shorter than a quarter of a second.
        "short": voice[3000:5048],
        "no frame": voice[:100],
    }
    taken = []
    for name, sound in sounds.items():
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, np.asarray(sound, np.int16), 16000, "PCM_16")
        clip = Clip(path, "ann", "neutral", "toy")
        taken += [name] if suitable(SPEC)(clip) else []
    assert taken == ["voice"]
    # What one front end hears no voice in enrols nobody where there are two.
    prosody, clip = preset("prosody"), Clip(tmp_path / "noise.wav", "ann", "neutral", "toy")
    moving = np.random.default_rng(0).normal(0, 1, 16000) * np.linspace(100, 9000, 16000)
    soundfile.write(clip.path, np.clip(moving, -30000, 30000).astype(np.int16), 16000, "PCM_16")
    assert suitable(SPEC)(clip)
    assert not suitable(prosody)(clip)
    assert not suitable(SPEC, prosody)(clip)


def test_a_copy_of_what_enrolled_tests_nobody() -> None:
    split = by_speaker()
    # All neutral clips of eve's are one sound.
    same = {clip: "same" for clip in split.test if clip.speaker == "eve" and clip.emotion == "neutral"}
    found = enrolling(dataclasses.replace(split, digests={**split.digests, **same}), "enrolled", anything)
    assert len(names(found, "eve")) == 1
    assert not set(same) & set(found.test)


def test_shared_speakers_enrol_with_training_clips() -> None:
    made = material("enrolled", clips(), heard(clips()))
    assert set(made.split.enrolled) <= set(made.split.train)
    assert made.split.test == material("fixed", clips(), heard(clips())).split.test


def test_a_network_reads_what_a_device_gives_that_enrolled_its_speaker() -> None:
    made = joined(enrolling(by_speaker(), "enrolled", anything))
    raw = heard(tuple(made.split.digests))
    for part in ("train", "validation", "test"):
        examples = made.examples(part)
        for row, clip in enumerate(made.split.parts[part]):
            known = Speaker.unknown(SPEC.features)
            for own in made.split.enrolled:
                if own.speaker == clip.speaker:
                    made.standardizer.enroll(raw[own][np.newaxis], known)
            expected = made.standardizer.follow(raw[clip][np.newaxis], known)
            assert np.array_equal(examples.features[row : row + 1], expected), clip


def test_who_tests_changes_nothing_that_is_trained_on() -> None:
    split = enrolling(by_speaker(), "enrolled", anything)
    base = joined(split).case()
    louder = heard(tuple(split.digests))
    louder = {clip: row * (5 if clip.speaker in TESTED else 1) for clip, row in louder.items()}
    corpus = corpora.Corpus("toy", Path("/toy"), tuple(split.digests))
    again = join(corpus, split, SPEC, louder, "enrolled").case()
    assert np.array_equal(base.data.train.features, again.data.train.features)
    assert np.array_equal(base.data.validation.features, again.data.validation.features)
    assert (base.test.features != again.test.features).any()


def test_augmented_copies_are_heard_by_who_enrolled_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def faint(
        split: Split, raw: NDArray[np.int32], spec: object, augmentation: Augmentation
    ) -> tuple[NDArray[np.int32], ...]:
        return (raw // 2,) * augmentation.copies

    monkeypatch.setattr("sertool.material.material.copies", faint)
    split = enrolling(by_speaker(), "enrolled", anything)
    found = tuple(split.digests)
    corpus = corpora.Corpus("toy", Path("/toy"), found)
    made = join(corpus, split, SPEC, heard(found), "enrolled", Augmentation(1))
    ann = [row for row, clip in enumerate(split.train) if clip.speaker == "ann"]
    known, raw = Speaker.unknown(SPEC.features), made.raw["train"] // 2
    made.standardizer.enroll(
        np.stack([raw[split.train.index(clip)] for clip in split.enrolled if clip.speaker == "ann"]), known
    )
    train = made.training_data().train.features[len(split.train) :]
    assert np.array_equal(train[ann], made.standardizer.follow(raw[ann], known))


def test_recordings_without_neutral_ones_are_refused() -> None:
    split = by_speaker()
    angry = {
        part: tuple(clip for clip in own if clip.emotion != "neutral") for part, own in split.parts.items()
    }
    for given, suits in ((dataclasses.replace(split, **angry), anything), (split, lambda clip: False)):
        with pytest.raises(SertoolError, match="no recording that trains is labelled neutral") as caught:
            enrolling(given, "enrolled", suits)
        assert "corpus.labels" in str(caught.value.hint)


def test_a_part_of_which_nothing_would_be_left_is_refused() -> None:
    split = by_speaker()
    few = tuple(clip for clip in split.test if clip.speaker == "fay" and clip.emotion == "neutral")
    with pytest.raises(SertoolError, match="nothing is left in the part test"):
        enrolling(dataclasses.replace(split, test=few), "enrolled", anything)


def test_a_split_in_which_nobody_enrolled_is_refused() -> None:
    with pytest.raises(SertoolError, match="no speaker of this split has enrolled"):
        joined(by_speaker())


def test_the_written_split_knows_who_enrolled() -> None:
    digests = {clip: f"{row:064x}" for row, clip in enumerate(by_speaker().digests)}
    split = enrolling(dataclasses.replace(by_speaker(), digests=digests), "enrolled", anything)
    record = split.record()
    assert [Path(entry.file).stem for entry in record.enrolled] == [clip.path.stem for clip in split.enrolled]
    tested = record.test[0]
    with pytest.raises(ValueError, match=f"{tested.file} is in test too"):
        dataclasses.replace(record, enrolled=(*record.enrolled, tested))
    assert isinstance(record, SplitRecord) and len(to_plain(record)["enrolled"]) == len(split.enrolled)


def test_answers_are_counted_by_the_number_of_utterances_that_enrolled() -> None:
    made = joined(enrolling(by_speaker(), "enrolled", anything))
    met, truth = occasions(made), made.examples("test").labels
    assert met.inputs.shape == (3 * len(truth), SPEC.features) and met.rows.tolist() == [*range(len(truth))] * 3
    unknown = made.standardizer.follow(made.raw["test"])
    assert np.array_equal(met.inputs[: len(truth)], unknown)
    eve = [row for row, clip in enumerate(made.split.test) if clip.speaker == "eve"]
    expected = made.standardizer.follow(made.raw["test"][eve], made.known("eve", 2))
    assert np.array_equal(met.inputs[2 * len(truth) :][eve], expected)
    wrong = (truth + 1) % len(LABELS)
    found = following(made, met, truth, np.concatenate([wrong, truth, wrong]))
    count = len(truth)
    assert found == Following(
        (),
        (),
        None,
        None,
        tuple(Score(*each) for each in ((0, 0, count), (1, count, count), (2, 0, count), (3, count, count))),
    )
