"""F0, voicing and harmonicity: tones, voices, octave traps, what has no pitch, and closeness to float64."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool.corpora.synthesis import perform
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec
from sertool.frontend.descriptors.pitch import longest, shortest
from sertool.frontend.parity import reference

RATE = 16000
SECOND = np.arange(RATE) / RATE
Pcm = NDArray[np.int16]


def spec(rate: int = RATE, frame: int = 1024, hop: int = 256) -> FrontendSpec:
    return FrontendSpec(rate, frame, hop, (Descriptor("f0", 1), Descriptor("voicing", 1)))


@pytest.fixture(scope="module")
def frontend() -> Frontend:
    return Frontend(spec())


def tracks(frontend: Frontend, pcm: Pcm) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """F0 in semitones above 27.5 Hz, and voicing, of each frame."""
    found = frontend.real_units(pcm)
    return found["f0"][:, 0], found["voicing"][:, 0]


def semitones(hertz: float) -> float:
    return float(12 * np.log2(hertz / 27.5))


def sound(values: NDArray[np.float64]) -> Pcm:
    return np.clip(np.round(values), -32768, 32767).astype(np.int16)


def harmonics(hertz: float, amplitudes: dict[int, float]) -> NDArray[np.float64]:
    waves = [size * np.cos(2 * np.pi * number * hertz * SECOND + number) for number, size in amplitudes.items()]
    return np.sum(waves, axis=0)


@pytest.mark.parametrize("key", range(13, 51))
@pytest.mark.parametrize("amplitude", [32767, 300, 4])
def test_a_tone_of_every_semitone_is_heard_within_a_tenth_of_one(
    frontend: Frontend, key: int, amplitude: int
) -> None:
    f0, voicing = tracks(frontend, sound(amplitude * np.sin(2 * np.pi * 27.5 * 2 ** (key / 12) * SECOND)))
    assert np.abs(f0 - key).max() < 0.1
    assert voicing.min() > 0.95


@pytest.mark.parametrize(
    "amplitudes",
    [
        {2: 1.0, 3: 1.0, 4: 1.0, 5: 1.0},
        {4: 1.0, 5: 1.0, 6: 1.0, 7: 1.0},
        {1: 0.5, 2: 2.0, 3: 0.5, 4: 0.5},
        {1: 1.0, 3: 1.0, 5: 1.0},
        {number: 1 / number for number in range(1, 14)},
    ],
    ids=["missing fundamental", "four upper harmonics", "strong second", "odd only", "sawtooth"],
)
@pytest.mark.parametrize("hertz", [85.0, 120.0, 150.0, 200.0])
def test_a_period_is_that_of_all_harmonics(
    frontend: Frontend, hertz: float, amplitudes: dict[int, float]
) -> None:
    f0, _ = tracks(frontend, sound(3000 * harmonics(hertz, amplitudes)))
    assert np.abs(f0 - semitones(hertz)).max() < 0.1


def test_a_chirp_is_followed(frontend: Frontend) -> None:
    hertz = 80 * 4**SECOND
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    f0, _ = tracks(frontend, sound(6000 * sum(np.sin(number * phase) / number for number in range(1, 5))))
    middles = 512 + 256 * np.arange(len(f0))
    assert np.abs(f0 - 12 * np.log2(hertz[middles] / 27.5)).max() < 0.4


@pytest.mark.parametrize(
    "pcm",
    [
        np.zeros(RATE, np.int16),
        np.full(RATE, 12345, np.int16),
        np.full(RATE, -32768, np.int16),
        np.full(RATE, -1, np.int16),
        np.where(np.arange(RATE) % 2, 32767, -32768).astype(np.int16),
        np.where(np.arange(RATE) == 4000, -32768, 0).astype(np.int16),
        sound(9000 * np.sin(2 * np.pi * 30 * SECOND)),
        sound(9000 * np.sin(2 * np.pi * 6000 * SECOND)),
        sound(np.random.default_rng(0).normal(0, 6000, RATE)),
        np.random.default_rng(0).integers(-1, 2, RATE).astype(np.int16),
    ],
    ids=[
        "silence", "constant", "lowest constant", "minus one", "fastest square", "impulse", "30 Hz", "6 kHz",
        "noise", "noise of one bit",
    ],
)  # fmt: skip
def test_what_has_no_period_is_unvoiced(frontend: Frontend, pcm: Pcm) -> None:
    f0, voicing = tracks(frontend, pcm)
    assert not f0.any()
    assert voicing.max() < 0.5


@pytest.mark.parametrize("period", [32, 48, 96, 160, 272])
def test_a_full_scale_square_wave_is_voiced(frontend: Frontend, period: int) -> None:
    pcm = np.where(np.arange(RATE) % period * 2 < period, 32767, -32768).astype(np.int16)
    f0, _ = tracks(frontend, pcm)
    assert np.abs(f0 - semitones(RATE / period)).max() < 0.1


def test_a_constant_beside_the_voice_changes_nothing(frontend: Frontend) -> None:
    voice = 300 * harmonics(130, {1: 1.0, 2: 0.5})
    f0, _ = tracks(frontend, sound(voice + 20000))
    assert np.abs(f0 - semitones(130)).max() < 0.05


def test_a_voice_begins_and_ends(frontend: Frontend) -> None:
    voice = 8000 * harmonics(140, {1: 1.0, 2: 0.7, 3: 0.5})
    voice[(SECOND < 0.3) | (SECOND >= 0.7)] = 0
    voice += np.random.default_rng(1).normal(0, 3, RATE)
    f0, _ = tracks(frontend, sound(voice))
    begin, end = 256 * np.arange(len(f0)), 256 * np.arange(len(f0)) + 1024
    assert not f0[(end <= 0.3 * RATE) | (begin >= 0.7 * RATE)].any()
    assert np.abs(f0[(begin >= 0.3 * RATE) & (end <= 0.7 * RATE)] - semitones(140)).max() < 0.05


def test_a_voice_far_below_the_last_loud_one_is_unvoiced_until_the_peak_has_fallen(frontend: Frontend) -> None:
    second = np.arange(6 * RATE) / RATE
    voice = np.where(second < 1, 16000, 16000 * 10 ** (-46 / 20)) * np.sin(2 * np.pi * 200 * second)
    f0, voicing = tracks(frontend, sound(voice))
    late = (256 * np.arange(len(f0)) - RATE) / RATE
    assert f0[late < -0.1].all() and voicing[(late < -0.1) | (late > 0.1)].min() > 0.9
    # 46 dB below: at 3 dB a second, two seconds after the loud part ended.
    assert not f0[(late > 0.1) & (late < 1.9)].any()
    assert f0[late > 2.1].all()


def test_periods_at_both_ends_of_the_range(frontend: Frontend) -> None:
    assert (shortest(spec()), longest(spec())) == (8, 70)
    for hertz, heard in ((525, True), (545, False), (57.2, True), (55, False)):
        f0, _ = tracks(frontend, sound(9000 * np.sin(2 * np.pi * hertz * SECOND)))
        assert (np.abs(f0 - semitones(hertz)).max() < 0.2) == heard, hertz


def test_each_utterance_begins_anew(frontend: Frontend) -> None:
    loud, quiet = sound(30000 * np.sin(1400 * SECOND)), sound(20 * np.sin(1100 * SECOND))
    alone = frontend.features(quiet)
    frontend.features(loud)
    assert np.array_equal(frontend.features(quiet), alone)


@pytest.mark.parametrize("emotion", ["neutral", "anger", "sadness"])
@pytest.mark.parametrize("speaker", [0, 1])
def test_voices_are_as_in_float64(frontend: Frontend, emotion: str, speaker: int) -> None:
    pcm = perform(emotion, speaker, 0)
    (f0, voicing), theirs = tracks(frontend, pcm), reference(pcm, spec())
    assert np.array_equal(f0 > 0, theirs["f0"][:, 0] > 0)
    assert f0.any() and not f0.all()
    assert np.abs(f0 - theirs["f0"][:, 0]).max() < 0.03
    assert np.abs(voicing - theirs["voicing"][:, 0])[f0 > 0].max() < 0.001


@pytest.mark.parametrize(
    ("rate", "frame"),
    [
        (8000, 256), (8000, 512), (11025, 512), (16000, 512), (16000, 1024), (22050, 1024), (32000, 1024),
        (32000, 2048), (44100, 2048), (48000, 2048),
    ],
)  # fmt: skip
def test_every_rate_has_a_framing(rate: int, frame: int) -> None:
    time = np.arange(rate) / rate
    f0, _ = tracks(
        Frontend(spec(rate, frame, frame // 4)),
        sound(9000 * sum(np.sin(2 * np.pi * number * 170 * time) / number for number in range(1, 6))),
    )
    assert np.abs(f0 - semitones(170)).max() < 0.1


@pytest.mark.parametrize(
    ("rate", "frame"), [(8001, 256), (16001, 512), (16000, 256), (15999, 1024), (31999, 2048)]
)
def test_frames_too_short_or_too_long_are_refused(rate: int, frame: int) -> None:
    with pytest.raises(SertoolError, match="32 to 64 ms for f0 and voicing"):
        spec(rate, frame, frame // 4)


def test_harmonicity_tells_harmonics_from_noise() -> None:
    frontend = Frontend(FrontendSpec(descriptors=(Descriptor("harmonicity", 1),)))
    voice = 2000 * harmonics(150, {number: 1 / number for number in range(1, 14)})
    hiss = np.random.default_rng(2).normal(0, 1000, RATE)
    clear, hoarse, noise, silence = (
        frontend.real_units(sound(wave))["harmonicity"].mean()
        for wave in (voice + hiss / 100, voice + hiss / 4, hiss, 0 * hiss)
    )
    assert clear > hoarse + 2 and hoarse > noise + 2 and noise > 3
    assert silence == 0


@pytest.mark.parametrize("rate_frame", [(RATE, 1024), (8000, 256), (48000, 2048)])
def test_harmonicity_is_as_in_float64(rate_frame: tuple[int, int]) -> None:
    rate, frame = rate_frame
    framing = FrontendSpec(rate, frame, frame // 4, (Descriptor("harmonicity", 1),))
    pcm = perform("happiness", 1, 0)
    ours, theirs = (
        found["harmonicity"] for found in (Frontend(framing).real_units(pcm), reference(pcm, framing))
    )
    assert np.abs(ours - theirs).mean() < 0.05
