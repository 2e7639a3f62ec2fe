"""Functionals of values that no sound need give, against their truth in float64 at every boundary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from counted_frames import HostCounter, made_kinds, rows_for, truths
from sertool.frontend import Descriptor, FrontendSpec, preset
from sertool.frontend.descriptors import KINDS
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import LARGEST_FEATURE, NARROW_BITS, Utterance
from sertool.frontend.functionals import FUNCTIONALS

ALL = tuple(name for name, each in FUNCTIONALS.items() if not each.of)
SIZE = 16


@pytest.fixture(scope="module")
def specs() -> Iterator[Mapping[str, FrontendSpec]]:
    """Values of 12, 15, 16 and 19 bits, and hops with other lags."""
    with made_kinds(12, 15, 16, 19):
        yield {
            "12": FrontendSpec(descriptors=(Descriptor("made12", SIZE, ALL),)),
            "12 at 32 ms": FrontendSpec(hop_length=512, descriptors=(Descriptor("made12", SIZE, ALL),)),
            "12 at 64 ms": FrontendSpec(hop_length=1024, descriptors=(Descriptor("made12", SIZE, ALL),)),
            "15": FrontendSpec(descriptors=(Descriptor("made15", SIZE, ALL),)),
            "16": FrontendSpec(descriptors=(Descriptor("made16", SIZE, ALL),)),
            "gated": FrontendSpec(descriptors=(Descriptor("made15", SIZE, ALL), Descriptor("gate", 2, ()))),
            "19": FrontendSpec(descriptors=(Descriptor("made19", SIZE, ALL),)),
        }


NAMES = ("12", "12 at 32 ms", "12 at 64 ms", "15", "16", "gated", "19")


@pytest.fixture(scope="module")
def counters(specs: Mapping[str, FrontendSpec]) -> Mapping[str, HostCounter]:
    return {name: HostCounter(spec) for name, spec in specs.items()}


def rows_of(frames: int, largest: int, kind: str, seed: int) -> NDArray[np.int32]:
    """(frames, SIZE) of values below `largest` + 1 in magnitude."""
    random, time = np.random.default_rng(seed), np.arange(frames)[:, None]
    columns = np.arange(SIZE)
    match kind:
        case "noise":
            values = random.integers(-largest, largest + 1, (frames, SIZE))
        case "signs":
            values = np.where(random.random((frames, SIZE)) < (1 + columns) / (SIZE + 1), largest, -largest)
        case "walk":
            values = np.clip(np.cumsum(random.integers(-40, 41, (frames, SIZE)), axis=0), -largest, largest)
        case "a step or none at the top":
            values = largest - random.integers(0, 2, (frames, SIZE))
        case "constant":
            values = np.broadcast_to(np.linspace(-largest, largest, SIZE).astype(int), (frames, SIZE))
        case "alternation":
            values = np.where(time // (1 + columns) % 2, largest, -largest)
        case "impulse":
            values = np.where(time == columns * (frames - 1) // (SIZE - 1), largest, -largest)
        case "ramp":
            values = np.broadcast_to(2 * largest * time // max(frames - 1, 1) - largest, (frames, SIZE))
        case "ramp down":
            values = -rows_of(frames, largest, "ramp", seed)
        case "saw":
            values = largest - 2 * largest * (time % (columns + 2)) // (columns + 1)
        case "jump":
            values = np.where(time * (SIZE + 1) < (columns + 1) * frames, -largest, largest)
        case _:
            raise AssertionError(kind)
    return np.asarray(values, np.int32)


KINDS_OF_ROWS = (
    "noise", "signs", "walk", "a step or none at the top", "constant", "alternation", "impulse", "ramp",
    "ramp down", "saw", "jump",
)  # fmt: skip


def loudness_of(frames: int, kind: str, seed: int) -> NDArray[np.int32]:
    """(frames, 1) of loudness: mostly any, and at its limits."""
    match kind:
        case "constant":
            values = np.zeros((frames, 1))
        case "alternation":
            values = np.full((frames, 1), 32767)
        case "impulse":
            values = np.where(np.arange(frames)[:, None] == frames - 1, 32767, 0)
        case "ramp":
            values = np.ones((frames, 1))
        case _:
            values = np.random.default_rng(seed).integers(0, 32768, (frames, 1))
    return np.asarray(values, np.int32)


def gate_of(frames: int, seed: int) -> NDArray[np.int32]:
    """(frames, 2) that let at least one frame through, in runs of some."""
    open_at = np.random.default_rng(seed).random(frames // 5 + 1).repeat(5)[:frames] < 0.6
    open_at[-1 - seed % frames] = True
    return np.stack([open_at, open_at], axis=1).astype(np.int32)


def check(spec: FrontendSpec, counter: HostCounter, frames: int, kind: str, seed: int = 0) -> None:
    counted = spec.descriptors[0].kind
    values = rows_of(frames, 2 ** KINDS[counted].bits - 1, kind, seed)
    others = {"loudness": loudness_of(frames, kind, seed), "gate": gate_of(frames, seed)}
    rows = rows_for(spec, {counted: values, **others})
    features = counter.features(rows)
    truth, within = truths(spec, rows)
    assert np.abs(features).max() <= LARGEST_FEATURE
    far = np.abs(features - truth) > within
    assert [(spec.feature_names[i], features[i], truth[i]) for i in np.flatnonzero(far)] == []


@pytest.mark.parametrize("kind", KINDS_OF_ROWS)
@pytest.mark.parametrize("name", NAMES)
def test_features_are_near_the_truth(
    name: str, kind: str, specs: Mapping[str, FrontendSpec], counters: Mapping[str, HostCounter]
) -> None:
    for frames in (1, 2, 3, 4, 5, 6, 8, 9, 10, 17, 63, 200, 1000):
        check(specs[name], counters[name], frames, kind, seed=frames)


@pytest.mark.parametrize("kind", KINDS_OF_ROWS)
@pytest.mark.parametrize("name", ["12", "19"])
def test_the_longest_utterance_overflows_nothing(
    name: str, kind: str, specs: Mapping[str, FrontendSpec], counters: Mapping[str, HostCounter]
) -> None:
    check(specs[name], counters[name], MAX_FRAMES, kind)


@pytest.mark.parametrize("name", NAMES)
def test_a_look_at_the_features_changes_nothing(name: str, counters: Mapping[str, HostCounter]) -> None:
    counter = counters[name]
    rows = np.random.default_rng(7).integers(1, 4001, (300, counter.values)).astype(np.int32)
    whole = counter.features(rows)
    for pieces in ([1], [2, 3, 4, 5], [299], list(range(1, 300))):
        assert np.array_equal(counter.features(rows, pieces), whole)


def test_what_does_not_vary_gives_no_ratio(
    specs: Mapping[str, FrontendSpec], counters: Mapping[str, HostCounter]
) -> None:
    rows = rows_for(specs["12"], {"made12": rows_of(50, 4095, "constant", 0)})
    names = specs["12"].feature_names
    moving = [i for i, name in enumerate(names) if not name.endswith((".mean", "deviation"))]
    assert (counters["12"].features(rows)[moving] == 0).all()


def features_of(name: str, values: NDArray[np.int64]) -> float:
    """The truth of one functional for one value's course, in real units."""
    utterance = Utterance(preset("moments"), NARROW_BITS, values[:, None], np.ones(len(values), np.bool_), {})
    return float(FUNCTIONALS[name].truth(utterance)[0] * FUNCTIONALS[name].step(utterance.framing, 1))


def test_truths_are_what_their_pages_say() -> None:
    time = np.arange(200)
    wave = np.round(1000 * np.sin(2 * np.pi * time / 50)).astype(np.int64)
    lagged = np.corrcoef(wave[1:], wave[:-1])[0, 1]
    assert features_of("autocorrelation", wave) == pytest.approx(lagged, abs=1e-3)
    assert features_of("autocorrelation", np.where(time % 2, 5, -5)) == pytest.approx(-0.99)
    assert features_of("trend", time * 3 - 50) == pytest.approx(1)
    assert features_of("trend", wave) == pytest.approx(np.corrcoef(wave, time)[0, 1])
    long = np.tile(wave[:50], 100)
    assert features_of("delta_autocorrelation", long) == pytest.approx(np.cos(2 * np.pi * 4 / 50), abs=2e-3)
    # A fast rise and a slow fall, again and again.
    saw = np.where(time % 20 < 4, time % 20 * 200, 800 - (time % 20 - 4) * 50)
    assert features_of("delta_skewness", saw) > 1 > -1 > features_of("delta_skewness", -saw)
    hollow = np.abs(time - 100) * 10
    slope = np.gradient(hollow[2:-2]).std()
    assert features_of("ends", hollow) == pytest.approx((2 * 995 - 2 * hollow.mean()) / (200 * slope), rel=0.03)


@pytest.mark.parametrize("kind", ["log_mel", "mfcc"])
def test_narrow_values_are_fine_enough(kind: str) -> None:
    """What twelve bits cost the functionals that use them, on courses as those of speech."""
    random = np.random.default_rng(3)
    course = np.convolve(random.standard_normal(300), np.hanning(12) / 3, "same")[:, None]
    for deviation_db in (3, 10):
        values = np.round(course / course.std() * deviation_db / KINDS[kind].step).astype(np.int64)
        counted, others = np.ones(len(values), np.bool_), {"loudness": np.full((len(values), 1), 99)}
        for name in ALL:
            cut, whole = (
                FUNCTIONALS[name].truth(Utterance(preset("moments"), bits, values, counted, others))[0]
                * FUNCTIONALS[name].step(preset("moments"), KINDS[kind].step)
                for bits in (KINDS[kind].bits, NARROW_BITS)
            )
            assert cut == pytest.approx(whole, abs=0.02), (name, deviation_db)
