"""Accuracy of the front end on some real recordings; `benchmarks/frontend.py` measures it on all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sertool.corpora import Corpus, read_pcm
from sertool.frontend import Descriptor, Frontend, FrontendSpec
from sertool.frontend.descriptors import KINDS
from sertool.frontend.parity import compare, compared

#: Every kind that can be compared.
SPEC = FrontendSpec(
    descriptors=tuple(Descriptor(kind.name, kind.usual) for kind in KINDS.values() if kind.parity)
)


def check(corpus: Corpus, every: int) -> None:
    frontend = Frontend(SPEC)
    found = compared(frontend.spec)
    for clip in corpus.clips[::every]:
        compare(frontend, read_pcm(clip.path).samples, found)
    for kind, seen in found.items():
        measured, parity = (seen.mean, seen.quantile(0.999), seen.largest), KINDS[kind].parity
        assert parity and seen.count
        assert all(value < bound for value, bound in zip(measured, parity.bounds, strict=True)), (
            kind,
            measured,
        )


@pytest.mark.parametrize(
    "clips", [pytest.param(12, id="some"), pytest.param(150, id="many", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", ["emodb", "savee", "ravdess", "tess"])
def test_descriptors_stay_close_to_float64(name: str, clips: int, real_corpus: Callable[[str], Corpus]) -> None:
    corpus = real_corpus(name)
    check(corpus, every=len(corpus.clips) // clips)
