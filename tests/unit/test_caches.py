"""Entries of the cache: a damaged one counts as not there, and is made again."""

from __future__ import annotations

import ctypes
import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sertool.caches import keep, keep_value, kept, kept_value, sealed, trim_to, use
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


def room(folder: Path, ages: dict[str, float]) -> Path:
    """A room with an entry of 100 bytes, a folder, for each name, used so many seconds ago."""
    for name, age in ages.items():
        (folder / name / "below").mkdir(parents=True)
        (folder / name / "one").write_bytes(bytes(60))
        (folder / name / "below" / "two").write_bytes(bytes(40))
        os.utime(folder / name, (time.time() - age, time.time() - age))
    return folder


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_room_is_trimmed_by_the_least_recent_use(tmp_path: Path) -> None:
    ages = {"oldest": 400.0, ".left": 350.0, "old": 300.0, "young": 200.0, "youngest": 100.0, ".begun": 10.0}
    folder = room(tmp_path / "room", ages)
    (folder / "file").write_bytes(bytes(100))
    os.utime(folder / "file", (time.time() - 500, time.time() - 500))
    trim_to(folder, 700, time.time() - 1000)
    assert left(folder) == {*ages, "file"}
    trim_to(folder, 700, time.time() - 50)
    assert left(folder) == {*ages, "file"} - {".left"}
    use(folder / "oldest")
    trim_to(folder, 400, time.time() - 50)
    assert left(folder) == {"oldest", "young", "youngest", ".begun"}
    trim_to(folder, 0, time.time() - 150)
    assert left(folder) == {"oldest", "youngest", ".begun"}
    use(folder / "absent")


def test_what_is_compiled_is_used_where_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path))
    sources = {"one.c": "int one(void);\nint one(void)\n{\n    return 1;\n}\n"}
    library = shared_library("one", sources)
    os.utime(library.parent, (0, 0))
    # Another is made, in a room that is far from full: what is old stays, and counts as used once it is found.
    shared_library("one", sources, ("-O1",))
    assert library.parent.stat().st_mtime == 0
    assert shared_library("one", sources) == library and sealed(library)
    assert library.parent.stat().st_mtime > time.time() - 60
