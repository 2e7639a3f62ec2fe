"""Entries of the cache: a damaged one counts as not there, and is made again."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

import pytest

from sertool.caches import keep, keep_value, kept, kept_value
from sertool.compilers import shared_library


@dataclass(frozen=True)
class Counted:
    number: int


def test_an_entry_comes_back_unless_a_bit_of_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "below" / "entry"
    keep(path, b"abc")
    assert kept(path) == b"abc"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept(path) is None
        path.write_bytes(whole[:place])
        assert kept(path) is None
    assert kept(tmp_path) is None
    assert kept(tmp_path / "absent") is None


def test_a_value_of_another_kind_is_not_there(tmp_path: Path) -> None:
    keep_value(tmp_path / "entry", Counted(3))
    assert kept_value(tmp_path / "entry", Counted) == Counted(3)
    keep(tmp_path / "entry", b'{"number": "three"}')
    assert kept_value(tmp_path / "entry", Counted) is None


@pytest.mark.parametrize("damage", [lambda data: data[:100], lambda data: b"", lambda data: data + b"x"])
def test_a_damaged_library_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: object
) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path))
    sources = {
        "seven.h": "int seven(void);\n",
        "seven.c": '#include "seven.h"\nint seven(void) { return 7; }\n',
    }
    library = shared_library("seven", sources)
    library.write_bytes(damage(library.read_bytes()))  # type: ignore[operator]
    assert ctypes.CDLL(str(shared_library("seven", sources))).seven() == 7
