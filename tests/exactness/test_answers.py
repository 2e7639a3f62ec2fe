"""How sure the C is of an answer, and why not: by its definition, at every boundary, for every bad input."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from networks import network
from sertool.answers import (
    UNCHOSEN,
    Certainty,
    Doubt,
    Rule,
    Utterances,
    certainty_of,
    choose,
    doubts_of_labels,
    doubts_of_sound,
    standardized,
    utterance,
)
from sertool.answers.rule import CLIPPED_PART, LEAST_BITS, VOICED_PART, least_frames
from sertool.engines.base import Classification
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec, TooShort, preset, sound_of
from sertool.graph import IntegerGraph, reference
from sertool.standardization import STANDARDIZATIONS, Standardizer

Pcm = NDArray[np.int16]
RATE = 16000
#: Without gate and F0; with F0; with both.
SPECS = {
    "laq180": preset("laq180"),
    "f0": FrontendSpec(
        descriptors=(Descriptor("level", 1, ("mean",)), Descriptor("f0", 1, ("mean", "deviation")))
    ),
    "gate and f0": FrontendSpec(
        descriptors=(
            Descriptor("gate", 2, ()),
            Descriptor("level", 1, ("mean",)),
            Descriptor("f0", 1, ("mean", "deviation")),
        )
    ),
}


def voice(seconds: float = 1.5, size: float = 8000, pitch: float = 140, seed: int = 0) -> Pcm:
    """Pulses of a voice with two formants, in syllables with pauses between, int16."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * time))) / RATE
    tone = sum(np.sin(harmonic * phase) / harmonic for harmonic in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1)
    sound = size * (0.5 * tone * syllables + 0.002 * rng.normal(size=len(time)))
    return np.clip(sound, -32768, 32767).astype(np.int16)


def noise(size: float, seconds: float = 1.5) -> Pcm:
    return np.random.default_rng(2).normal(0, size, int(seconds * RATE)).astype(np.int16)


def square(hertz: float, seconds: float = 1.5) -> Pcm:
    time = np.arange(int(seconds * RATE)) / RATE
    return np.where(np.sin(2 * np.pi * hertz * time + 0.01) >= 0, 32767, -32768).astype(np.int16)


def constant(value: int, samples: int = 24000) -> Pcm:
    return np.full(samples, value, np.int16)


SOUNDS: dict[str, Pcm] = {
    "a voice": voice(),
    "a quiet voice": voice(size=60),
    "a loud voice": np.clip(voice().astype(np.int32) * 12, -32768, 32767).astype(np.int16),
    "silence": constant(0),
    "a frame of silence": constant(0, 1024),
    "a frame of a voice": voice()[2000:3024],
    "a frame less a sample and a frame": voice()[2000 : 3024 + 255],
    "noise": noise(2000),
    "quiet noise": noise(5),
    "DC": constant(9000),
    "DC at full scale": constant(32767),
    "DC at the other end": constant(-32768),
    "square waves at full scale": square(200),
    "a square wave of every second sample": square(8000),
    "a click": np.where(np.arange(24000) == 12000, 32767, 0).astype(np.int16),
    "a sine": (12000 * np.sin(np.arange(24000) * 0.08)).astype(np.int16),
}


def made(spec: FrontendSpec, running: bool = False) -> tuple[IntegerGraph, Standardizer]:
    frontend = Frontend(spec)
    heard = np.stack([frontend.features(voice(seed=seed, pitch=100 + 30 * seed)) for seed in range(4)])
    graph = network([spec.features, 6, 4], ["4", "8"], seed=4)
    return graph, Standardizer.fit(heard, following=STANDARDIZATIONS["running"] if running else None)


def judged(
    graph: IntegerGraph, spec: FrontendSpec, standardizer: Standardizer, rule: Rule, sounds: list[Pcm]
) -> list[tuple[list[int], list[int], list[int]]]:
    """Features, input, and certainty with doubts of each sound, one after another, by the definition."""
    heard = Utterances.of(utterance(Frontend(spec), pcm) for pcm in sounds)
    inputs = standardized(spec, standardizer, heard)
    trace = reference.run(graph, inputs)
    labels = trace["label"][:, 0].astype(np.int32)
    about = doubts_of_labels(rule, inputs, trace["probabilities"].astype(np.int8), labels)
    doubts = [int(of) | doubts_of_sound(spec, sound) for of, sound in zip(about, heard.sounds, strict=True)]
    rows = zip(heard.features.tolist(), inputs.tolist(), doubts, strict=True)
    return [(features, given, [int(certainty_of(each)), int(each)]) for features, given, each in rows]


def found(one: Classification) -> tuple[list[int], list[int], list[int]]:
    assert one.features is not None
    return one.features.tolist(), one.input.tolist(), [one.certainty, one.doubts]


@pytest.mark.parametrize("running", [False, True], ids=["fixed", "running"])
@pytest.mark.parametrize("name", SPECS)
def test_the_host_answers_as_the_definition_says(name: str, running: bool) -> None:
    spec, sounds = SPECS[name], list(SOUNDS.values())
    graph, standardizer = made(spec, running)
    for rule in (UNCHOSEN, Rule(0, 0), Rule(256, 2000), Rule(140, 40000)):
        with HostEngine(graph, spec, standardizer, rule=rule) as engine:
            got = [found(engine.classify(pcm)) for pcm in sounds]
        expected = judged(graph, spec, standardizer, rule, sounds)
        for told, one, other in zip(SOUNDS, got, expected, strict=True):
            assert one == other, told


@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_emulated_cores_answer_as_the_definition_says(core: str) -> None:
    spec = SPECS["gate and f0"]
    sounds = [pcm[:8192] for pcm in SOUNDS.values()]
    graph, standardizer = made(spec, running=True)
    rule = Rule(140, 40000)
    with EmulatorEngine(graph, spec, standardizer, core, rule=rule) as engine:
        got = [found(engine.classify(pcm)) for pcm in sounds]
    assert got == judged(graph, spec, standardizer, rule, sounds)


def doubts(name: str, sound: str) -> Doubt:
    return doubts_of_sound(SPECS[name], sound_of(Frontend(SPECS[name]), SOUNDS[sound]))


@pytest.mark.parametrize("name", SPECS)
def test_bad_inputs_have_a_clear_answer(name: str) -> None:
    assert doubts(name, "a voice") == Doubt(0)
    for nobody in ("silence", "noise", "DC", "DC at full scale", "quiet noise"):
        assert Doubt.NO_VOICE in doubts(name, nobody), nobody
    assert Doubt.TOO_QUIET in doubts(name, "silence")
    assert Doubt.TOO_QUIET in doubts(name, "a quiet voice")
    assert doubts(name, "a loud voice") == Doubt.CLIPPED
    for clipped in ("square waves at full scale", "DC at full scale", "DC at the other end"):
        assert Doubt.CLIPPED in doubts(name, clipped), clipped
    assert Doubt.TOO_SHORT in doubts(name, "a frame of a voice")
    assert doubts(name, "a frame of silence") >= Doubt.TOO_SHORT | Doubt.NO_VOICE


def test_ten_minutes_are_answered() -> None:
    spec = SPECS["gate and f0"]
    pcm = np.tile(voice(), 400)
    graph, standardizer = made(spec)
    with HostEngine(graph, spec, standardizer) as engine:
        got = found(engine.classify(pcm))
    assert got == judged(graph, spec, standardizer, UNCHOSEN, [pcm])[0]
    assert got[2] == [Certainty.SURE, 0]


@pytest.mark.parametrize("extra", [-256, 0, 256, 100_000])
def test_what_comes_after_the_last_frame_that_may_count_is_not_heard(extra: int) -> None:
    spec = SPECS["laq180"]
    graph, standardizer = made(spec)
    pcm = np.tile(SOUNDS["noise"], 1 + spec.longest // 24000 + 5)[: spec.longest + extra]
    pcm[spec.longest :] = 32767
    pcm[: spec.frame_length] = 1
    with HostEngine(graph, spec, standardizer) as engine:
        assert found(engine.classify(pcm)) == judged(graph, spec, standardizer, UNCHOSEN, [pcm])[0]
    assert sound_of(Frontend(spec), pcm).clipped == 0


def test_less_than_a_frame_is_refused() -> None:
    spec = SPECS["gate and f0"]
    with pytest.raises(TooShort):
        utterance(Frontend(spec), constant(0, spec.frame_length - 1))
    with HostEngine(*((graph := made(spec))[0], spec, graph[1])) as engine:
        with pytest.raises(SertoolError, match="too short"):
            engine.classify(constant(0, spec.frame_length - 1))
        assert engine.classify(constant(0, spec.frame_length)).certainty == Certainty.NO_VOICE


def both(name: str, pcm: Pcm) -> Doubt:
    """Doubts about a sound, which the C has too."""
    spec = SPECS[name]
    graph, standardizer = made(spec)
    expected = doubts_of_sound(spec, sound_of(Frontend(spec), pcm))
    with HostEngine(graph, spec, standardizer) as engine:
        assert engine.classify(pcm).doubts == expected
    return expected


def test_boundaries_of_the_sound() -> None:
    # Loudest sample: 2^(bits - 1) above 0, one more below.
    for size, quiet in ((2 ** (LEAST_BITS - 2), False), (2 ** (LEAST_BITS - 2) - 1, True)):
        for value in (size, -size - 1):
            pcm = np.where(np.arange(24000) % 6000 == 99, value, 0).astype(np.int16)
            assert (Doubt.TOO_QUIET in both("laq180", pcm)) is quiet, value
    # Frames that count.
    spec = SPECS["laq180"]
    for frames, short in ((least_frames(spec), False), (least_frames(spec) - 1, True)):
        samples = spec.frame_length + (frames - 1) * spec.hop_length
        assert (Doubt.TOO_SHORT in both("laq180", voice()[1000 : 1000 + samples])) is short
    # Clipped samples of those in whole hops; those behind the last hop do not count.
    whole = 64 * 256
    for end in (32767, -32767, -32768):
        for more, clipped in ((0, False), (1, True)):
            pcm = np.concatenate([voice(2)[:whole], constant(end, 200)])
            pcm[: whole // CLIPPED_PART + more] = end
            assert (Doubt.CLIPPED in both("laq180", pcm)) is clipped, end
    pcm[: whole // CLIPPED_PART + 1] = 32766
    assert Doubt.CLIPPED not in both("laq180", pcm)
    # The level of hops: 12 dB, which are 2 bits, and less.
    for size, nobody in ((2047, False), (2048, True)):
        pcm = np.where(np.arange(24000) % 2 > 0, 8191, -8191).astype(np.int16)
        pcm[256:512] = np.sign(pcm[256:512]) * size
        assert (Doubt.NO_VOICE in both("laq180", pcm)) is nobody


def test_voiced_frames_of_those_that_count() -> None:
    shares = []
    for hops in range(8, 22):
        pcm = noise(1000)
        pcm[: 256 * hops] = SOUNDS["a sine"][: 256 * hops]
        sound = sound_of(Frontend(SPECS["f0"]), pcm)
        assert sound.voiced is not None
        nobody = VOICED_PART * sound.voiced < sound.counted
        assert (Doubt.NO_VOICE in both("f0", pcm)) is nobody
        shares.append(nobody)
    assert any(shares) and not all(shares)


def test_boundaries_of_the_label() -> None:
    inputs = np.array([[100, 0, -3]] * 6, np.int8)
    codes = np.array(
        [
            [72, -60, -128],
            [71, -100, -128],
            [-28, -78, -128],
            [-28, -79, -128],
            [-128, -128, -128],
            [127, -128, -128],
        ]
    )
    labels = np.array([0] * 6, np.int32)
    far = 100**2 + 3**2

    def told(rule: Rule) -> list[int]:
        return doubts_of_labels(rule, inputs, codes.astype(np.int8), labels).tolist()

    two, unlikely, unlike = Doubt.TWO_LABELS, Doubt.UNLIKELY, Doubt.UNLIKE_TRAINING
    assert told(Rule(200, far)) == [0, unlikely, two, unlikely, two, 0]
    assert told(Rule(201, far))[0] == unlikely
    assert told(Rule(0, far - 1)) == [unlike] * 6
    assert told(UNCHOSEN) == [0] * 6


def test_the_rule_that_is_chosen_covers_what_it_shall() -> None:
    rng = np.random.default_rng(0)
    training = rng.integers(-128, 128, (300, 7)).astype(np.int8)
    confidences = rng.integers(60, 256, 53)
    for coverage in (1, 50, 80, 99, 100):
        rule = choose(training, confidences, coverage)
        assert (confidences >= rule.least).mean() >= coverage / 100
        assert (confidences > rule.least).mean() < coverage / 100
    squares = (training.astype(int) ** 2).sum(axis=1)
    assert (squares <= rule.farthest // 2).mean() >= 0.99
    assert (squares < rule.farthest // 2).mean() < 0.99
    assert choose(training[:1], confidences[:1], 80) == Rule(int(confidences[0]), 2 * int(squares[0]))
