"""Features of the compiled front end: any cut of the samples, hard signals, and closeness to float64."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from frontend_probe import PLAIN, Probe, speech_like
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec, TooShort, preset
from sertool.frontend.descriptors import KINDS
from sertool.frontend.descriptors.mfcc import FLOOR_DB
from sertool.frontend.parity import reference

SMALL = FrontendSpec(
    sample_rate=8000,
    frame_length=256,
    hop_length=64,
    descriptors=(
        Descriptor("log_mel", 16),
        Descriptor("mfcc", 8, PLAIN),
        Descriptor("chroma", 12),
    ),
)
SIGNALS = {
    "silence": np.zeros(4096, np.int16),
    "constant at the top": np.full(4096, 32767, np.int16),
    "constant at the bottom": np.full(4096, -32768, np.int16),
    "smallest negative": np.full(4096, -1, np.int16),
    "square wave": np.where(np.arange(4096) // 20 % 2, 32767, -32768).astype(np.int16),
    "fastest square wave": np.where(np.arange(4096) % 2, 32767, -32768).astype(np.int16),
    "noise": np.random.default_rng(1).integers(-32768, 32768, 4096).astype(np.int16),
    "noise of the sign": np.where(np.random.default_rng(2).random(4096) < 0.5, 32767, -32768).astype(np.int16),
    "impulse": np.where(np.arange(4096) == 700, -32768, 0).astype(np.int16),
    "tone": np.round(32767 * np.sin(2 * np.pi * 0.11 * np.arange(4096))).astype(np.int16),
    "speech": speech_like(4096),
    "whisper": speech_like(4096, amplitude=0.003),
}


@functools.cache
def made(spec: FrontendSpec) -> Frontend:
    return Frontend(spec)


@pytest.fixture(scope="module")
def small() -> Frontend:
    return Frontend(SMALL)


@pytest.fixture(scope="module")
def probe() -> Probe:
    return Probe(SMALL)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_samples_may_come_in_pieces_of_any_size(small: Frontend, probe: Probe, data: st.DataObject) -> None:
    pcm = speech_like(data.draw(st.integers(256, 2500)), seed=data.draw(st.integers(0, 9)))
    cuts = data.draw(st.lists(st.integers(0, len(pcm)), max_size=30).map(sorted))
    whole = small.features(pcm)
    pieces = probe.features(np.split(pcm, cuts))
    assert pieces is not None
    assert np.array_equal(pieces, whole)


def test_features_go_on_after_a_look_at_them(small: Frontend, probe: Probe) -> None:
    pcm = speech_like(3000)
    probe.reset()
    for start in range(0, 3000, 500):
        probe.push(pcm[start : start + 500])
        assert np.array_equal(probe.finish(), small.features(pcm[: start + 500]))


def test_an_utterance_without_end_is_cut_and_says_so() -> None:
    spec = FrontendSpec(8000, 256, 256, (Descriptor("log_mel", 8),))
    assert spec.longest == 65535 * 256
    pcm = np.resize(SIGNALS["noise of the sign"], spec.longest)
    probe = Probe(spec)
    probe.push(pcm)
    assert not probe.truncated
    features = probe.finish()
    probe.push(np.zeros(1, np.int16))
    assert probe.truncated
    probe.push(np.zeros(100000, np.int16))
    assert np.array_equal(probe.finish(), features)


@pytest.mark.parametrize("samples", [0, 1, 1023])
def test_less_than_a_frame_is_refused(samples: int) -> None:
    with pytest.raises(TooShort, match="at least 1024 samples"):
        Frontend(preset("laq180")).features(np.zeros(samples, np.int16))
    with pytest.raises(TooShort):
        Frontend(preset("laq180")).descriptors(np.zeros(samples, np.int16))
    assert Probe(preset("laq180")).features([np.zeros(samples, np.int16)]) is None


@pytest.mark.parametrize("pcm", [np.zeros(2000), np.zeros((2000, 2), np.int16), np.zeros(2000, np.int32)])
def test_what_is_not_mono_of_16_bits_is_refused(pcm: NDArray[np.generic]) -> None:
    with pytest.raises(SertoolError, match="int16 samples, one channel"):
        Frontend(preset("laq180")).features(pcm)


@pytest.mark.parametrize("name", SIGNALS)
def test_features_are_the_moments_of_the_descriptors(name: str) -> None:
    spec = preset("moments")
    frontend = Frontend(spec)
    found = frontend.descriptors(SIGNALS[name])
    rows = np.concatenate([found[each.kind] for each in spec.descriptors], axis=1).astype(object)
    frames = len(rows)
    sums, squares = rows.sum(axis=0), (rows**2).sum(axis=0)
    means = [(16 * total + frames // 2) // frames for total in sums]
    features = frontend.features(SIGNALS[name])
    assert features[: spec.values].tolist() == means
    deviations = features[spec.values :]
    exact = np.sqrt(np.maximum(frames * squares - sums**2, 0).astype(float)) / frames
    assert (np.abs(deviations - 16 * exact) <= 1 + 1e-9 * exact).all()


def test_silence_is_the_floor_and_has_no_chroma() -> None:
    found = Frontend(preset("moments")).descriptors(SIGNALS["silence"])
    assert (found["log_mel"] == -32767).all()
    assert (found["chroma"] == 0).all()
    assert (found["mfcc"][:, 1:] == 0).all()


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize(
    "spec",
    [
        SMALL,
        FrontendSpec(
            11025,
            512,
            512,
            descriptors=(Descriptor("mfcc", 40), Descriptor("log_mel", 40, ()), Descriptor("chroma", 36)),
        ),
        FrontendSpec(16000, 512, 64, descriptors=(Descriptor("log_mel", 64), Descriptor("mfcc", 30))),
        preset("moments"),
        FrontendSpec(48000, 2048, 512, descriptors=(Descriptor("log_mel", 256), Descriptor("mfcc", 80))),
        FrontendSpec(8000, 2048, 256, descriptors=(Descriptor("mfcc", 13), Descriptor("chroma", 24))),
    ],
    ids=lambda spec: f"{spec.sample_rate}-{spec.frame_length}-{spec.size('log_mel')}",
)
def test_descriptors_are_close_to_float64(spec: FrontendSpec, name: str) -> None:
    pcm = SIGNALS[name]
    frontend = made(spec)
    ours, theirs = frontend.real_units(pcm), reference(pcm, spec)
    for kind, values in frontend.descriptors(pcm).items():
        assert (np.abs(values) < 2 ** KINDS[kind].bits).all()
    loud = theirs["log_mel"] > max(theirs["log_mel"].max() - 60, FLOOR_DB)
    for kind in ours:
        assert ours[kind].shape == theirs[kind].shape
    if "log_mel" in ours and loud.any():
        assert np.abs(ours["log_mel"] - theirs["log_mel"])[loud].max() < 0.1
    if "chroma" in ours and loud.any(axis=1).any():
        frames = loud.any(axis=1)
        assert np.abs(ours["chroma"] - theirs["chroma"])[frames].max() < 0.008
    if "mfcc" in ours and (theirs["log_mel"] > FLOOR_DB).all():
        assert np.abs(ours["mfcc"] - theirs["mfcc"]).max() < 0.5
