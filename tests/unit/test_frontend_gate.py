"""The gate: what it lets through, and utterances of which it lets only a part through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import Probe, speech_like
from sertool.frontend import Descriptor, Frontend, FrontendSpec, TooShort
from sertool.frontend.descriptors import KINDS
from sertool.frontend.descriptors.gate import hang
from sertool.frontend.framing import Framing
from sertool.frontend.functional import Utterance
from sertool.frontend.functionals import FUNCTIONALS

ALL = tuple(name for name, each in FUNCTIONALS.items() if not each.of)
GATED = FrontendSpec(descriptors=(Descriptor("mfcc", 13, ALL), Descriptor("gate", 2, ())))
OPEN = FrontendSpec(descriptors=GATED.descriptors[:1])


def in_rooms(*amplitudes: float, frames: int = 60) -> NDArray[np.int16]:
    """Noise of several amplitudes (full scale 1), one after the other."""
    random = np.random.default_rng(5)
    sound = [random.uniform(-1, 1, frames * 256) * amplitude for amplitude in amplitudes]
    return np.round(np.concatenate(sound) * 32767).astype(np.int16)


def gate_of(pcm: NDArray[np.int16]) -> tuple[NDArray[np.int32], Mapping[str, NDArray[np.int32]]]:
    found = Frontend(GATED).descriptors(pcm)
    return found["gate"], found


@pytest.mark.parametrize("hop", [128, 256, 512, 1024])
def test_the_integers_are_those_of_float64_wherever_the_level_is_not_at_a_limit(hop: int) -> None:
    spec = FrontendSpec(hop_length=hop, descriptors=GATED.descriptors)
    sounds = [speech_like(48000, seed) for seed in range(4)]
    sounds += [in_rooms(0.001, 0.1, 0.003, 0.5, 0.0001, 0.02), in_rooms(0, 1, 0), in_rooms(0.3)]
    frames = different = 0
    for pcm in sounds:
        found = Frontend(spec).descriptors(pcm)
        level = found["level"] * KINDS["level"].step
        truth = KINDS["gate"].real(spec, spec.sizes, {"level": level})
        frames, different = frames + truth.size, different + int((truth != found["gate"]).sum())
    assert different <= frames * 0.001


def test_loud_frames_count_and_some_after_them() -> None:
    pcm = in_rooms(0.0005, 0.2, 0.0005)
    found, _ = gate_of(pcm)
    speech = np.flatnonzero(found[:, 1])
    assert 55 < len(speech) < 65 and (np.diff(speech) == 1).all()
    counted = np.flatnonzero(found[:, 0])
    assert counted[0] == speech[0] and (np.diff(counted) == 1).all()
    assert hang(GATED) == 16 and hang(Framing(hop_length=512)) == 8
    assert 15 <= counted[-1] - speech[-1] <= 17


def test_a_steady_noise_becomes_the_floor() -> None:
    found, _ = gate_of(in_rooms(*[0.01] * 20))
    assert found[:10, 0].all() and not found[-200:].any()


def test_features_are_those_of_the_counted_frames() -> None:
    for pcm in (in_rooms(0.0005, 0.2, 0.0005, 0.1), in_rooms(0.0002, 0.3, frames=20)):
        found, kinds = gate_of(pcm)
        counted = found[:, 0] > 0
        assert 0 < counted.sum() < len(counted)
        others = {kind: values.astype(np.int64) for kind, values in kinds.items()}
        features, at = Frontend(GATED).features(pcm), 0
        for name in ALL:
            functional = FUNCTIONALS[name]
            truth = functional.truth(Utterance(GATED, KINDS["mfcc"].bits, others["mfcc"], counted, others))
            assert (np.abs(features[at : at + 13] - truth) <= functional.within).all(), name
            at += 13


def test_samples_may_come_in_pieces() -> None:
    pcm, probe = in_rooms(0.0005, 0.2, 0.0005, 0.1), Probe(GATED)
    whole = Frontend(GATED).features(pcm)
    for size in (1000, 256, 77):
        found = probe.features(np.split(pcm, range(size, len(pcm), size)))
        assert found is not None and np.array_equal(found, whole)


def test_where_nothing_counts_there_are_no_features() -> None:
    silence = np.zeros(16000, np.int16)
    with pytest.raises(TooShort, match="no frame is loud enough to count"):
        Frontend(GATED).features(silence)
    assert Probe(GATED).features([silence]) is None
    assert Frontend(OPEN).features(silence).size == OPEN.features
