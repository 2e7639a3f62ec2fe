"""Features of many files: order, cache, errors that name the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import speech_like
from sertool.errors import SertoolError
from sertool.frontend import Frontend, TooShort, extract, preset

SPEC = preset("laq180")


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr("sertool.frontend.extraction.cache_folder", lambda room: tmp_path / "cache" / room)
    paths = [tmp_path / f"{seed}.raw" for seed in range(5)]
    for seed, path in enumerate(paths):
        speech_like(2000 + 100 * seed, seed).tofile(path)
    return paths


def read(path: Path) -> NDArray[np.int16]:
    return np.fromfile(path, np.int16)


@pytest.mark.parametrize("jobs", [None, 1, 3])
def test_features_come_in_the_order_of_the_paths(clips: list[Path], jobs: int | None) -> None:
    features = extract(clips, SPEC, read=read, jobs=jobs)
    assert features.dtype == np.int32
    assert np.array_equal(features, [Frontend(SPEC).features(read(path)) for path in clips])
    assert np.array_equal(extract(clips[::-1], SPEC, read=read), features[::-1])


def test_nothing_is_decoded_twice_and_changes_are_seen(clips: list[Path]) -> None:
    decoded: list[Path] = []

    def counting(path: Path) -> NDArray[np.int16]:
        decoded.append(path)
        return read(path)

    first = extract(clips, SPEC, read=counting)
    assert np.array_equal(extract(clips, SPEC, read=counting), first)
    assert sorted(decoded) == clips
    speech_like(2000, 77).tofile(clips[2])
    assert not np.array_equal(extract(clips, SPEC, read=counting)[2], first[2])
    assert decoded[5:] == [clips[2]]


def test_a_damaged_entry_is_made_again(clips: list[Path], tmp_path: Path) -> None:
    first = extract(clips, SPEC, read=read)
    entries = list((tmp_path / "cache" / "features").rglob("*.features"))
    assert len(entries) == len(clips)
    entries[0].write_bytes(entries[0].read_bytes()[:100])
    flipped = bytearray(entries[1].read_bytes())
    flipped[100] ^= 1
    entries[1].write_bytes(flipped)
    assert np.array_equal(extract(clips, SPEC, read=read), first)


def test_no_files_give_no_rows() -> None:
    assert extract([], SPEC, read=read).shape == (0, 180)


def test_bad_files_are_named(clips: list[Path], tmp_path: Path) -> None:
    short = tmp_path / "short.raw"
    np.zeros(1000, np.int16).tofile(short)
    with pytest.raises(TooShort, match=r"short\.raw") as refused:
        extract([*clips, short], SPEC, read=read)
    assert "at least 1024 samples" in str(refused.value)
    with pytest.raises(SertoolError, match=r"missing\.raw"):
        extract([tmp_path / "missing.raw"], SPEC, read=read)
