"""Accuracy of the front end on real recordings: every fortieth clip by default, all of them in the slow run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sertool.corpora import Corpus, read_pcm
from sertool.frontend import Frontend, preset
from sertool.frontend.parity import Differences, compare

#: What the front end is held to: mean, 99.9th percentile and maximum, dB, dB and parts of one.
BOUNDS = {
    "log_mel": (0.002, 0.02, 0.06),
    "mfcc": (0.01, 0.15, 0.5),
    "chroma": (0.001, 0.003, 0.005),
}


def check(corpus: Corpus, every: int) -> None:
    frontend = Frontend(preset("moments"))
    found = {kind: Differences() for kind in BOUNDS}
    for clip in corpus.clips[::every]:
        compare(frontend, read_pcm(clip.path).samples, found)
    for kind, bounds in BOUNDS.items():
        differences = found[kind]
        measured = (differences.mean, differences.quantile(0.999), differences.largest)
        assert all(value < bound for value, bound in zip(measured, bounds, strict=True)), (kind, measured)


@pytest.mark.parametrize("name", ["emodb", "savee", "ravdess", "tess"])
def test_descriptors_stay_close_to_float64(name: str, real_corpus: Callable[[str], Corpus]) -> None:
    check(real_corpus(name), every=40)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["emodb", "savee", "ravdess", "tess"])
def test_descriptors_of_every_clip_stay_close_to_float64(
    name: str, real_corpus: Callable[[str], Corpus]
) -> None:
    check(real_corpus(name), every=1)
