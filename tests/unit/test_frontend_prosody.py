"""Prosody of courses that no voice need give, against its truth in float64, and of a voice."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from counted_frames import HostCounter, rows_for, truths
from frontend_probe import speech_like
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec
from sertool.frontend.descriptors import KINDS
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functionals.prosody import PARTS

PLAIN = FrontendSpec(descriptors=(Descriptor("f0", 1, ("prosody",)),))
GATED = FrontendSpec(descriptors=(*PLAIN.descriptors, Descriptor("gate", 2, ())))
WIDE = FrontendSpec(48000, 2048, 256, PLAIN.descriptors)
Rows = NDArray[np.int32]


@pytest.fixture(scope="module")
def counters() -> dict[str, HostCounter]:
    return {"plain": HostCounter(PLAIN), "gated": HostCounter(GATED), "wide": HostCounter(WIDE)}


def check(counter: HostCounter, f0: Rows, level: Rows, loudness: Rows, gate: Rows) -> dict[str, int]:
    given = {"f0": f0, "level": level, "loudness": loudness}
    columns = {kind: np.asarray(values, np.int32)[:, None] for kind, values in given.items()}
    rows = rows_for(counter.spec, {**columns, "gate": np.asarray(gate, np.int32)})
    features = counter.features(rows)
    truth, _ = truths(counter.spec, rows)
    within = np.array([2.6 if part in ("straying", "log2_frames") else 1.05 for part in PARTS])
    far = np.flatnonzero(np.abs(features - truth) > within)
    assert [(tuple(PARTS)[part], features[part], truth[part]) for part in far] == []
    return dict(zip(PARTS, features.tolist(), strict=True))


def smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(width) / width, "same")[: len(values)]


def course(frames: int, seed: int) -> tuple[Rows, Rows, Rows, Rows]:
    random = np.random.default_rng(seed)
    voiced = smooth(random.random(frames), min(9, frames)) > random.choice([0, 0.3, 0.5, 0.6, 1])
    step = random.choice([3, 50, 300])
    pitch = random.choice([800, 1500, 2500]) + np.cumsum(random.integers(-step, step + 1, frames))
    level = smooth(random.integers(-32767, 1, frames), min(20, frames)) * random.choice([1, 0.5])
    loudness = smooth(random.integers(0, 32768, frames), min(5, frames))
    gate = random.random((frames, 2)) < 0.7
    gate[frames // 2, 0] = True
    columns = (np.where(voiced, np.clip(pitch, 1, 4095), 0), level, loudness, gate)
    return tuple(np.asarray(each).astype(np.int32) for each in columns)  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["plain", "gated", "wide"])
def test_any_course(name: str, counters: dict[str, HostCounter]) -> None:
    for frames in (*range(1, 40), 100, 101, 500, 1000, 3000):
        for seed in range(4):
            check(counters[name], *course(frames, seed))


@pytest.mark.parametrize("frames", [3, 4, 50, MAX_FRAMES])
@pytest.mark.parametrize("f0", [1, 767, 768, 847, 848, 3327, 3328, 4095])
def test_the_borders_of_bins_and_ranges(f0: int, frames: int, counters: dict[str, HostCounter]) -> None:
    time = np.arange(frames)
    every, never = np.ones((frames, 2)), np.zeros((frames, 2))
    counter = counters["plain"]
    found = check(counter, np.full(frames, f0), np.zeros(frames), np.full(frames, 32767), every)
    assert found["voiced"] == 32768 and found["mean"] == (16 * f0 if frames > 3 else 0)
    assert found["deviation"] == found["straying"] == found["rise"] == found["skewness"] == 0
    alternating = np.where(time % 2, f0, 0)
    gate = np.stack([every[:, 0], time % 2], axis=1)
    levels = np.where(time % 2, 0, -32767)
    check(counter, alternating, levels, np.where(time % 2, 32767, 0), gate)
    check(counter, np.where(time % 2, f0, 4095), levels, np.where(time % 4 < 2, 32767, 0), never)
    check(counter, np.where(time == frames - 1, f0, 0), levels, np.zeros(frames), every)


def test_a_long_rise_is_a_line(counters: dict[str, HostCounter]) -> None:
    frames = MAX_FRAMES
    rise, level = np.linspace(768, 3327, frames).astype(int), np.full(frames, -1024)
    loudness, gate = np.arange(frames) % 32768, np.ones((frames, 2))
    found = check(counters["plain"], rise, level, loudness, gate)
    assert found["straying"] < 20 and abs(found["slope"] - 16 * (3327 - 768) / 2) < 20
    assert found["first_third"] < 0 < found["last_third"] < found["end"]
    check(counters["plain"], rise[::-1], level, loudness, gate)
    check(counters["plain"], np.where(np.arange(frames) > 60000, 0, rise), 31 * level, loudness, gate)


def test_without_a_voice_there_is_no_melody(counters: dict[str, HostCounter]) -> None:
    frames = 90
    found = check(
        counters["plain"], np.zeros(frames), np.full(frames, -3000), np.zeros(frames), np.ones((frames, 2))
    )
    assert all(found[part] == 0 for part in tuple(PARTS)[:22])
    assert found["gap"] == 16 * frames and found["segments_a_second"] == 0


def test_names_and_steps_tell_the_parts() -> None:
    spec = FrontendSpec(descriptors=(Descriptor("f0", 1, ("mean", "prosody")), Descriptor("level", 1)))
    assert spec.features == 1 + 1 + 1 + 32
    assert spec.feature_names[0] == "f0[0].mean" and spec.feature_names[3] == "f0.prosody[mean]"
    steps = dict(zip(spec.feature_names, spec.feature_steps, strict=True))
    assert steps["f0.prosody[rise]"] == KINDS["f0"].step / 16
    assert steps["f0.prosody[voiced_level]"] == KINDS["level"].step / 16
    assert steps["f0.prosody[segment]"] == 0.016 / 16
    assert steps["f0.prosody[active]"] == 2.0**-15


def test_only_f0_has_a_prosody() -> None:
    with pytest.raises(SertoolError, match="level") as raised:
        FrontendSpec(descriptors=(Descriptor("level", 1, ("prosody",)),))
    assert "f0" in str(raised.value.allowed)


def test_a_voice_of_known_pitch() -> None:
    pcm = speech_like(48000, seed=1)
    found = dict(zip(PARTS, Frontend(PLAIN).features(pcm) * np.array(PLAIN.feature_steps), strict=True))
    # 120 Hz, up and down by 60, in three syllables a second.
    assert abs(found["mean"] - 12 * np.log2(120 / 27.5)) < 2
    assert 3 < found["deviation"] < 8 and found["p5"] < found["p50"] < found["p95"]
    assert 2 < found["segments_a_second"] < 5 and 2 < found["syllables_a_second"] < 6
    assert 0.4 < found["voiced"] < 0.95
