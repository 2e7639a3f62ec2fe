"""Filters equal librosa's; tables and sources hold what a specification needs and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sertool.frontend import Descriptor, FrontendSpec, preset, sources
from sertool.frontend.filters import chroma_filters, dct_matrix, hann, mel_filters
from sertool.frontend.rendered import tables_of

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
    tables, config = tables_of(preset("moments"))
    assert sum(table.bytes for table in tables) + 4 * len(config["chroma_ranges"]) <= 14000


def test_the_same_specification_renders_the_same_bytes() -> None:
    assert sources(preset("moments")) == sources(FrontendSpec.from_dict(preset("moments").to_dict()))


@pytest.mark.parametrize(
    ("descriptors", "functionals", "absent"),
    [
        (("log_mel",), ("mean",), {"chroma.c", "mfcc.c", "deviation.c"}),
        (("mfcc",), ("deviation",), {"chroma.c", "mean.c"}),
        (("chroma",), ("mean", "deviation"), {"mel.c", "mfcc.c"}),
    ],
)
def test_what_is_left_out_is_neither_compiled_nor_tabled(
    descriptors: tuple[str, ...], functionals: tuple[str, ...], absent: set[str]
) -> None:
    sizes = {"log_mel": 64, "mfcc": 13, "chroma": 12}
    spec = FrontendSpec(
        descriptors=tuple(Descriptor(kind, sizes[kind]) for kind in descriptors),
        functionals=functionals,
        mel_bands=64,
    )
    tree = sources(spec)
    optional = {"mel.c", "mfcc.c", "chroma.c", "mean.c", "deviation.c"}
    units = {name.rpartition("/")[2] for name in tree}
    assert optional - units == absent
    tables = tree["generated/ser_frontend_tables.c"]
    for name in ("mel", "mfcc", "chroma"):
        assert (f"ser_{name}_" in tables) == (f"{name}.c" in units)
