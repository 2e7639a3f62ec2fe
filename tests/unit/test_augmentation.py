"""Effects, what is drawn of them for a clip, and copies and conditions that come of it."""

from __future__ import annotations

import dataclasses
import hashlib
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import speech_like
from sertool import corpora
from sertool.augmentation import CONDITIONS, Augmentation, Condition, Degradation
from sertool.augmentation.band import TELEPHONE, Band
from sertool.augmentation.chorus import VOICES, any_noise, chorus
from sertool.augmentation.degradation import Effect
from sertool.augmentation.gain import Gain
from sertool.augmentation.noise import COLOURS, Noise, pink
from sertool.augmentation.room import Room
from sertool.augmentation.sounds import power, to_pcm
from sertool.corpora import Corpus, Split
from sertool.errors import SertoolError
from sertool.frontend import Frontend, preset
from sertool.material import Elsewhere, Material, conditioned, copies, elsewhere, join, shares
from sertool.material.turns import turns
from sertool.project import Project, load_project, resolve_project

RATE = 16000
SPEC = preset("laq180")
CLIPS = [hashlib.sha256(bytes([number])).hexdigest() for number in range(40)]
EFFECTS = (Band(200.0, 5000.0), Gain(-6.0), Noise("white", 10.0), Noise("pink", 10.0), Room(0.3, 6.0))
BABBLE = Noise("babble", 10.0, ("one", "two"))


def voice(name: str) -> NDArray[np.int16]:
    return speech_like(5000, len(name) + ord(name[0]))


def random(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("effect", [*EFFECTS, BABBLE], ids=repr)
@pytest.mark.parametrize("length", [1, 2, 1024, 8191])
def test_pcm_comes_out_as_it_went_in_and_again_the_same(effect: Effect, length: int) -> None:
    pcm = speech_like(8191, 1)[:length]
    kept = pcm.copy()
    first, again = (Degradation((effect,), 5).apply(pcm, RATE, voice) for _ in range(2))
    assert first.dtype == np.int16 and first.shape == pcm.shape
    assert np.array_equal(first, again) and np.array_equal(pcm, kept)


@pytest.mark.parametrize(
    "effect", [Noise("white", 10.0), Noise("pink", 10.0), BABBLE, Room(0.3, 6.0)], ids=repr
)
def test_a_seed_draws_another_noise_or_room(effect: Effect) -> None:
    pcm = speech_like(4000, 1)
    one, other = (Degradation((effect,), seed).apply(pcm, RATE, voice) for seed in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("snr", [30.0, 0.0, -10.0])
def test_noise_lies_as_far_below_the_clip_as_it_says(colour: str, snr: float) -> None:
    sound = speech_like(9000, 1).astype(np.float64)
    noise = dataclasses.replace(BABBLE, colour=colour, snr=snr)  # type: ignore[arg-type]
    noisy = noise(sound, RATE, random(), [voice("one").astype(np.float64), np.zeros(10)])
    assert round(10 * np.log10(power(sound) / power(noisy - sound)), 6) == snr


def test_silence_stays_silent() -> None:
    for effect in EFFECTS:
        assert not Degradation((effect,), 1).apply(np.zeros(3000, np.int16), RATE, voice).any()


def test_pink_noise_has_as_much_power_in_every_octave() -> None:
    spectrum = np.abs(np.fft.rfft(pink(2**18, RATE, random()))) ** 2
    hertz = np.fft.rfftfreq(2**18, 1 / RATE)
    octaves = [spectrum[(hertz >= low) & (hertz < 2 * low)].sum() for low in (100, 200, 400, 800, 1600, 3200)]
    assert max(octaves) < 1.1 * min(octaves)


def test_a_band_lets_through_what_lies_within_it() -> None:
    time = np.arange(RATE) / RATE
    through = {}
    for hertz in (100, 1000, 6000):
        tone = (10000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
        heard = Degradation((TELEPHONE,), 0).apply(tone, RATE, voice)[RATE // 2 :]
        through[hertz] = 10 * np.log10(power(heard.astype(float)) / power(tone.astype(float)))
    assert through[1000] > -0.5 and through[100] < -25 and through[6000] < -25


def test_a_room_keeps_the_direct_sound_and_dies_away() -> None:
    click = np.zeros(RATE, np.int16)
    click[100] = 20000
    heard = Degradation((Room(0.4, 3.0),), 1).apply(click, RATE, voice).astype(np.float64)
    assert not heard[:100].any() and heard[100] == 20000
    echo = heard[101:]
    assert round(10 * np.log10(20000**2 / (echo @ echo)), 1) == 3.0
    assert not echo[round(0.4 * RATE) :].any()
    early, late = (echo[start : start + 800] for start in (0, 3200))
    # 0.2 s apart at 60 dB in 0.4 s, and noise of 800 samples.
    assert 28 < 10 * np.log10((early @ early) / (late @ late)) < 32


def test_what_is_too_loud_saturates() -> None:
    pcm = np.array([-32768, -20000, -3, 0, 3, 20000, 32767], np.int16)
    louder = Degradation((Gain(20.0),), 0).apply(pcm, RATE, voice)
    assert louder.tolist() == [-32768, -32768, -30, 0, 30, 32767, 32767]
    assert to_pcm(np.array([-32768.6, -0.5, 0.5, 1.5, 32767.4, 32767.6])).tolist() == [
        -32768, 0, 0, 2, 32767, 32767,
    ]  # fmt: skip


def test_everything_said_is_in_the_digest() -> None:
    chains = [
        (effect,) for effect in (*EFFECTS, BABBLE, Gain(-6.5), dataclasses.replace(BABBLE, voices=("one",)))
    ]
    told = [
        Degradation(effects, seed).digest
        for effects in (*chains, (*EFFECTS,), EFFECTS[::-1])
        for seed in (0, 1)
    ]
    assert len(set(told)) == len(told)
    assert Degradation(EFFECTS, 0).digest == Degradation(EFFECTS, 0).digest


def test_a_chorus_is_of_others_and_stays_when_somebody_else_comes() -> None:
    chosen = chorus(CLIPS[0], CLIPS, "seed")
    assert len(set(chosen)) == VOICES and CLIPS[0] not in chosen
    assert chorus(CLIPS[0], CLIPS[::-1], "seed") == chosen
    assert chorus(CLIPS[0], {*CLIPS} - {chosen[0]}, "seed")[:-1] == chosen[1:]
    assert chorus(CLIPS[0], CLIPS, "other") != chosen != chorus(CLIPS[1], CLIPS, "seed")
    assert chorus(CLIPS[0], CLIPS[:3], "seed") == chorus(CLIPS[0], CLIPS[1:3], "seed")
    assert set(chorus(CLIPS[0], CLIPS[:3], "seed")) == {*CLIPS[1:3]}


def test_who_is_alone_hears_no_babble() -> None:
    drawn = [any_noise(10.0, CLIPS[0], CLIPS[:1], "seed", random(seed)) for seed in range(30)]
    assert {noise.colour for noise in drawn} == {"white", "pink"}


@pytest.mark.parametrize(("strength", "gain", "snr"), [(1.0, (-30, 3), 3), (0.5, (-15, 1.5), 16.5)])
def test_what_is_drawn_lies_in_its_ranges(strength: float, gain: tuple[float, float], snr: float) -> None:
    augmentation = Augmentation(2, strength)
    drawn = [augmentation.draw(clip, CLIPS, 3, copy) for clip in CLIPS for copy in range(40)]
    effects = [effect for each in drawn for effect in each.effects]
    gains = [effect.decibels for effect in effects if isinstance(effect, Gain)]
    assert len(gains) == len(drawn) and gain[0] <= min(gains) < gain[0] * 0.9 and max(gains) <= gain[1]
    noises = [effect for effect in effects if isinstance(effect, Noise)]
    assert 0.7 < len(noises) / len(drawn) < 0.8
    assert snr <= min(noise.snr for noise in noises) < snr + 1 < 29 < max(noise.snr for noise in noises) <= 30
    assert {noise.colour for noise in noises} == {*COLOURS}
    for kind in (Room, Band):
        assert 0.2 < sum(isinstance(effect, kind) for effect in effects) / len(drawn) / strength < 0.4


def test_a_draw_depends_on_clip_seed_and_copy_and_on_nothing_else() -> None:
    augmentation = Augmentation(2)
    draws = {
        (clip, seed, copy): augmentation.draw(clip, CLIPS, seed, copy).digest
        for clip in CLIPS
        for seed in (0, 1)
        for copy in (0, 1)
    }
    assert len({*draws.values()}) == len(draws)
    for (clip, seed, copy), digest in reversed(draws.items()):
        assert Augmentation(1).draw(clip, CLIPS[::-1], seed, copy).digest == digest


@pytest.mark.parametrize(
    "told", [{"copies": -1}, {"copies": 17}, {"strength": 0.0}, {"strength": 1.01}, {"strength": float("nan")}]
)
def test_settings_out_of_range_are_refused(told: dict[str, float], tmp_path: Path) -> None:
    (name, value), *_ = told.items()
    with pytest.raises(SertoolError, match=f"{name} = .* cannot be used"):
        Augmentation(**told)  # type: ignore[arg-type]
    with pytest.raises(SertoolError) as caught:
        resolve_project(Project(), **{f"augment{'_strength' * (name == 'strength')}": value})
    assert str(caught.value.where).startswith("--augment")
    file = tmp_path / "sertool.toml"
    file.write_text(f"[augmentation]\n{name} = {value}\n")
    with pytest.raises(SertoolError) as caught:
        load_project(file)
    assert f"{file}:" in str(caught.value.where)


def test_a_condition_does_the_same_to_a_clip_whoever_else_is_there_but_babbles() -> None:
    for condition in CONDITIONS.values():
        assert condition.of(CLIPS[0], CLIPS) == condition.of(CLIPS[0], CLIPS[::-1])
    noises = [CONDITIONS["noise 10 dB"].of(clip, CLIPS).effects[0] for clip in CLIPS]
    assert {noise.colour for noise in noises if isinstance(noise, Noise)} == {*COLOURS}
    assert {noise.snr for noise in noises if isinstance(noise, Noise)} == {10.0}
    assert CONDITIONS["gain -30 dB"].of(CLIPS[0], CLIPS).effects == (Gain(-30.0),)


@pytest.fixture
def split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Split:
    monkeypatch.setattr("sertool.frontend.extraction.cache_folder", lambda room: tmp_path / "cache" / room)
    clips = []
    for number in range(18):
        path = tmp_path / f"{number:02}.wav"
        write(path, speech_like(3000, number))
        label = ("anger", "neutral", "sadness")[number % 3]
        clips.append(corpora.Clip(path, "ab"[number // 3 % 2], label, "toy"))
    return parted(clips, tmp_path)


def parted(clips: list[corpora.Clip], root: Path) -> Split:
    found = corpora.contents(clip.path for clip in clips)
    digests = {clip: found[clip.path].digest for clip in clips}
    return Split("toy", "random10", 3, 0, *map(tuple, (clips[:9], clips[9:12], clips[12:])), root, digests)


def write(path: Path, pcm: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm.tobytes())


def raw(clips: tuple[corpora.Clip, ...]) -> NDArray[np.int32]:
    return np.stack([Frontend(SPEC).features(corpora.read_pcm(clip.path).samples) for clip in clips])


def test_copies_are_what_the_front_end_makes_of_degraded_clips(split: Split) -> None:
    augmentation = Augmentation(12)
    made = copies(split, raw(split.train), SPEC, augmentation)
    train = [split.digests[clip] for clip in split.train]
    sounds = {split.digests[clip]: corpora.read_pcm(clip.path).samples for clip in split.train}
    assert len(made) == 12
    for copy, rows in enumerate(made):
        for digest, row in zip(train, rows, strict=True):
            drawn = augmentation.draw(digest, train, split.seed, copy)
            heard = drawn.apply(sounds[digest], RATE, sounds.__getitem__)
            assert np.array_equal(row, Frontend(SPEC).features(heard))
    again = copies(split, raw(split.train), SPEC, augmentation)
    assert all(map(np.array_equal, made, again))


def test_no_copy_depends_on_a_clip_outside_the_training_part(split: Split) -> None:
    features = dict(zip(split.digests, raw(tuple(split.digests)), strict=True))
    corpus = Corpus("toy", split.root, tuple(split.digests))

    def data(split: Split) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        made = join(corpus, split, SPEC, features, "running", Augmentation(6)).training_data().train
        return made.features, made.labels

    first = data(split)
    for number, clip in enumerate((*split.validation, *split.test)):
        write(clip.path, speech_like(4000, 100 + number))
        features[clip] = features[clip] * 5
    poisoned = parted(list(split.digests), split.root)
    assert set(poisoned.digests.values()) != set(split.digests.values())
    assert all(map(np.array_equal, first, data(poisoned)))
    write(split.train[0].path, speech_like(4000, 200))
    assert not np.array_equal(first[0], data(parted(list(split.digests), split.root))[0])


def test_each_copy_has_its_clips_label_and_is_heard_in_its_speakers_turn(split: Split) -> None:
    features = dict(zip(split.digests, raw(tuple(split.digests)), strict=True))
    corpus = Corpus("toy", split.root, tuple(split.digests))
    plain = join(corpus, split, SPEC, features, "running")
    made = join(corpus, split, SPEC, features, "running", Augmentation(2))
    train = made.training_data().train
    assert train.labels.tolist() == 3 * plain.training_data().train.labels.tolist()
    for number, heard in enumerate((made.raw["train"], *made.copies)):
        alone = dataclasses.replace(made, raw={**made.raw, "train": heard}).examples("train").features
        assert np.array_equal(train.features[9 * number : 9 * number + 9], alone)
    for part in ("validation", "test"):
        assert len(made.examples(part)) == len(plain.examples(part))


def test_copies_of_which_nothing_is_heard_are_left_as_the_clip_is(
    split: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Augmentation, "draw", lambda *_: Degradation((Gain(-200.0),), 0))
    own = raw(split.train)
    spec = preset("prosody-lean")
    assert np.array_equal(copies(split, own, spec, Augmentation(1))[0], own)
    assert conditioned(
        split.test, spec, dataclasses.replace(CONDITIONS["gain -30 dB"], effect=Gain(-200.0))
    ) == (None,) * len(split.test)


def test_none_are_made_where_none_are_asked_for(split: Split) -> None:
    assert copies(split, raw(split.train), SPEC, Augmentation()) == ()


def everywhere(made: Material, conditions: list[Condition]) -> Elsewhere:
    return elsewhere(made.split.test, made.spec, made.standardizer, conditions, made.split.seed, made.known)


def test_elsewhere_everybody_is_heard_from_a_reset_on_under_one_condition(split: Split) -> None:
    features = dict(zip(split.digests, raw(tuple(split.digests)), strict=True))
    material = join(Corpus("toy", split.root, tuple(split.digests)), split, SPEC, features, "running")
    conditions = [CONDITIONS["noise 5 dB"], CONDITIONS["telephone"]]
    met = everywhere(material, conditions)
    assert met.inputs.shape == (12, SPEC.features)
    sounds = {split.digests[clip]: corpora.read_pcm(clip.path).samples for clip in split.test}
    for number, condition in enumerate(conditions):
        for turn in turns(split.test, split.seed).values():
            heard = [
                condition.of(digest, sounds).apply(sounds[digest], RATE, sounds.__getitem__)
                for digest in (split.digests[split.test[row]] for row in turn)
            ]
            own = np.stack([Frontend(SPEC).features(pcm) for pcm in heard])
            assert np.array_equal(met.inputs[6 * number + turn], material.standardizer.follow(own))


def test_clips_of_which_nothing_is_heard_elsewhere_are_answered_wrongly(split: Split) -> None:
    features = dict(zip(split.digests, raw(tuple(split.digests)), strict=True))
    material = join(Corpus("toy", split.root, tuple(split.digests)), split, SPEC, features)
    truth = material.examples("test").labels
    whole = everywhere(material, [CONDITIONS["telephone"]])
    met = dataclasses.replace(
        whole, rows={"some": np.array([1, 4]), "none": np.array([], np.int64)}, inputs=whole.inputs[:2]
    )
    assert shares(truth, met, truth, np.array([truth[1], truth[4] + 1])) == {
        "as recorded": 1.0,
        "some": 1 / 6,
        "none": 0.0,
    }
