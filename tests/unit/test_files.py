"""Whole files or none, and refusals of the operating system in plain words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sertool.errors import SertoolError
from sertool.files import disk_errors, staged_folder, write_atomic, write_together


def test_write_atomic_creates_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_atomic(path, "one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["b.txt"]


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.bin"
    write_atomic(path, "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SertoolError, match="no space left on device"):
        write_atomic(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_device_that_is_really_full_is_told_in_one_sentence() -> None:
    with pytest.raises(SertoolError) as caught, disk_errors(Path("/dev/full")):
        Path("/dev/full").write_text("x")
    assert "no space left" in caught.value.what
    assert caught.value.hint is not None


def test_an_output_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SertoolError, match="taken by something of another kind"):
        write_atomic(tmp_path / "taken" / "x.txt", "x")


def test_a_place_that_cannot_be_made_is_named_and_not_the_one_beside_it() -> None:
    with pytest.raises(SertoolError) as caught, staged_folder(Path("/proc/recordings")):
        pass
    assert caught.value.where == "/proc/recordings"


def test_no_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SertoolError, match="no permission to write"):
        write_atomic(tmp_path / "x" / "y.txt", "x")


def test_a_staged_folder_replaces_the_old_one_as_a_whole(tmp_path: Path) -> None:
    place = tmp_path / "out"
    with staged_folder(place) as stage:
        (stage / "a").write_text("1")
    with staged_folder(place) as stage:
        (stage / "b").write_text("2")
    assert [entry.name for entry in place.iterdir()] == ["b"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_an_interrupted_stage_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "out"
    with staged_folder(place) as stage:
        (stage / "a").write_text("1")
    with pytest.raises(KeyboardInterrupt), staged_folder(place) as stage:
        (stage / "b").write_text("2")
        raise KeyboardInterrupt
    assert [entry.name for entry in place.iterdir()] == ["a"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_files_written_together_leave_their_neighbours(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("0")
    write_together(tmp_path, {"a": "1", "b": "2"})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "b", "other"]


def test_files_and_folders_get_the_permissions_that_new_ones_get_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o027)
    monkeypatch.setattr(os, "umask", None)
    try:
        write_atomic(tmp_path / "file", "text")
        with staged_folder(tmp_path / "folder"):
            pass
    finally:
        monkeypatch.undo()
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o750
