"""Accumulators and functionals on emulated cores give the integers of the host, whatever the values."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from counted_frames import CoreCounter, HostCounter, made_kinds, rows_for
from sertool.cores import EMULATED
from sertool.frontend import Descriptor, FrontendSpec
from sertool.frontend.descriptors import KINDS
from sertool.frontend.functionals import FUNCTIONALS

PROSODY = FrontendSpec(descriptors=(Descriptor("f0", 1, ("prosody",)), Descriptor("gate", 2, ())))
ALL = tuple(name for name, each in FUNCTIONALS.items() if not each.of)


def rows(spec: FrontendSpec, frames: int, seed: int) -> NDArray[np.int32]:
    """Noise, signs of full scale, steps of one at the top, and slow walks, side by side."""
    random = np.random.default_rng(seed)
    given = {"loudness": random.integers(0, 32768, (frames, 1))}
    for each in spec.descriptors:
        largest = 2 ** KINDS[each.kind].bits - 1
        columns = [
            (
                random.integers(-largest, largest + 1, frames),
                np.where(random.random(frames) < 0.3, largest, -largest),
                largest - random.integers(0, 2, frames),
                np.clip(np.cumsum(random.integers(-9, 10, frames)), -largest, largest),
            )[column % 4]
            for column in range(each.size)
        ]
        given[each.kind] = np.stack(columns, axis=1)
    return rows_for(spec, {kind: values.astype(np.int32) for kind, values in given.items()})


def voices(frames: int, seed: int) -> NDArray[np.int32]:
    """Rows of voiced and unvoiced frames of any pitch, level and loudness."""
    random = np.random.default_rng(seed)
    given = {
        "f0": np.where(random.random(frames) < 0.8, np.cumsum(random.integers(-60, 61, frames)) % 4096, 0),
        "level": random.integers(-32767, 1, frames),
        "loudness": random.integers(0, 32768, frames),
    }
    gate = random.integers(0, 2, (frames, 2))
    gate[0] = 1
    columns = {kind: values[:, None] for kind, values in given.items()} | {"gate": gate}
    return rows_for(PROSODY, {kind: values.astype(np.int32) for kind, values in columns.items()})


@pytest.mark.parametrize("core", EMULATED)
def test_a_core_gives_the_features_of_the_host(core: str) -> None:
    descriptors = (Descriptor("made12", 8, ALL), Descriptor("made16", 12, ALL), Descriptor("made15", 8, ALL))
    with made_kinds(12, 15, 16, 19):
        spec = FrontendSpec(descriptors=descriptors)
        host, emulated = HostCounter(spec), CoreCounter(spec, core)
        for frames in (1, 2, 3, 9, 200):
            given = rows(spec, frames, seed=frames)
            assert np.array_equal(emulated.features(given), host.features(given))
    host, emulated = HostCounter(PROSODY), CoreCounter(PROSODY, core)
    for frames in (1, 9, 400):
        given = voices(frames, seed=frames)
        assert np.array_equal(emulated.features(given), host.features(given))


@pytest.mark.parametrize(
    "kind", [("-DSER_HOST=0", "-DSER_SMALL_CORE=0"), ("-DSER_HOST=0", "-DSER_SMALL_CORE=1")]
)
def test_nothing_undefined_happens_in_the_forms_of_any_core(kind: tuple[str, ...]) -> None:
    flags = ("-O1", "-fsanitize=undefined", "-fno-sanitize-recover=all")
    with made_kinds(12, 15, 16, 19):
        spec = FrontendSpec(descriptors=(Descriptor("made12", 8, ALL), Descriptor("made19", 8, ALL)))
        plain, checked = HostCounter(spec), HostCounter(spec, (*flags, *kind))
        for frames in (1, 2, 30, 65535):
            given = rows(spec, frames, seed=frames)
            assert np.array_equal(checked.features(given), plain.features(given))
    plain, checked = HostCounter(PROSODY), HostCounter(PROSODY, (*flags, *kind))
    for frames in (1, 30, 65535):
        given = voices(frames, seed=frames)
        assert np.array_equal(checked.features(given), plain.features(given))
