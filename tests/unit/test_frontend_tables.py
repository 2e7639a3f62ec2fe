"""Filters equal librosa's; tables and sources hold what a specification needs and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sertool.frontend import Descriptor, FrontendSpec, preset, sources
from sertool.frontend.descriptors import KINDS
from sertool.frontend.descriptors.chroma import chroma_filters
from sertool.frontend.descriptors.log_mel import mel_filters
from sertool.frontend.descriptors.mfcc import dct_matrix
from sertool.frontend.rendered import tables_of
from sertool.frontend.spectrum import hann

FRAMES = (256, 512, 1024, 2048)
RATES = (8000, 16000, 22050, 44100, 48000)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("rate", RATES)
def test_filters_are_those_of_librosa(frame: int, rate: int) -> None:
    filters = pytest.importorskip("librosa", reason="the extra `train` is not installed").filters
    for bands in (8, 24):
        theirs = filters.mel(sr=rate, n_fft=frame, n_mels=bands, dtype=np.float64)
        np.testing.assert_allclose(mel_filters(rate, frame, bands), theirs, rtol=1e-12, atol=1e-15)
    for classes in (12, 24, 36):
        theirs = filters.chroma(sr=rate, n_fft=frame, n_chroma=classes, tuning=0.0, dtype=np.float64)
        np.testing.assert_allclose(chroma_filters(rate, frame, classes), theirs, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(hann(frame), filters.get_window("hann", frame), atol=1e-15)


def test_dct_is_orthonormal() -> None:
    matrix = dct_matrix(40, 40)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(40), atol=1e-12)


def test_tables_of_the_larger_preset_fit_their_budget() -> None:
    tables, _ = tables_of(preset("moments"))
    assert sum(table.bytes for table in tables) <= 14000


def test_the_same_specification_renders_the_same_bytes() -> None:
    assert sources(preset("moments")) == sources(FrontendSpec.from_dict(preset("moments").to_dict()))


@pytest.mark.parametrize(
    ("descriptors", "present"),
    [
        ([Descriptor("log_mel", 64, ("mean",))], {"log_mel", "sums", "mean"}),
        ([Descriptor("mfcc", 13, ("deviation",))], {"log_mel", "mfcc", "sums", "squares", "deviation"}),
        ([Descriptor("chroma", 12)], {"chroma", "sums", "squares", "mean", "deviation"}),
    ],
)
def test_what_is_left_out_is_neither_compiled_nor_tabled(
    descriptors: list[Descriptor], present: set[str]
) -> None:
    tree = sources(FrontendSpec(descriptors=tuple(descriptors)))
    rooms = ("descriptors", "accumulators", "functionals")
    inside = {Path(name) for name in tree if Path(name).parent.name in rooms}
    assert {path.stem for path in inside if path.suffix == ".c"} == present
    assert {path.stem for path in inside if path.suffix == ".h"} == {f"ser_{name}" for name in present}
    for kind in KINDS:
        assert (f"ser_{kind}_" in tree["generated/ser_frontend_tables.c"]) == (kind in present)
