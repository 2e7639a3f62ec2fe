"""Entries of the user's cache: each holds its own digest, and a damaged one counts as not there."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import TypeVar

from sertool.digests import file_digest
from sertool.errors import SertoolError
from sertool.files import read_whole, write_atomic
from sertool.json_files import json_text, parse_json
from sertool.plain_values import Source

Value = TypeVar("Value")

_MOST_BYTES = 64 * 2**20
_DIGEST = 32
#: Bytes that entries of a room take at most, but for those that were used within a day.
_MOST_OF_ROOM = 256 * 2**20
_DAY = 24 * 3600


def keep(path: Path, data: bytes) -> None:
    """Write `data` behind its digest; raises SertoolError where the disk refuses."""
    write_atomic(path, hashlib.sha256(data).digest() + data)


def kept(path: Path) -> bytes | None:
    """Return what `keep` wrote, None where it is missing, unreadable or damaged."""
    try:
        entry = read_whole(path, path.name, most=_MOST_BYTES)
    except SertoolError:
        return None
    digest, data = entry[:_DIGEST], entry[_DIGEST:]
    return data if digest == hashlib.sha256(data).digest() else None


def keep_value(path: Path, value: object) -> None:
    """Write a dataclass as `keep` writes bytes."""
    keep(path, json_text(value).encode())


def kept_value(path: Path, kind: type[Value]) -> Value | None:
    """Return the dataclass that `keep_value` wrote, None where it is missing, damaged or of another sertool."""
    data = kept(path)
    if data is None:
        return None
    try:
        return parse_json(data, kind, Source(path.name, lambda _: str(path)))
    except SertoolError:
        return None


def seal(path: Path) -> None:
    """Write the digest of a file beside it, for what others have to read as it is, such as a shared library."""
    _beside(path).write_text(file_digest(path), encoding="ascii")


def sealed(path: Path) -> bool:
    """Whether a file is there as it was when it was sealed."""
    try:
        return _beside(path).read_bytes() == file_digest(path).encode()
    except OSError:
        return False


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def use(entry: Path) -> None:
    """Say that an entry of a room that is trimmed is used now."""
    with contextlib.suppress(OSError):
        os.utime(entry)


@functools.cache
def trim(room: Path) -> None:
    """Trim a room as `trim_to` does, once in the life of this process: to be called where an entry is new."""
    trim_to(room, _MOST_OF_ROOM, time.time() - _DAY)


def trim_to(room: Path, most: int, before: float) -> None:
    """Take entries out of the folder `room`, used longest ago first, until the rest has `most` bytes.

    What was used after the time `before` stays, so that nobody loses what he is about to read. What others take
    out meanwhile is as well.
    """
    entries = []
    for entry in room.iterdir():
        with contextlib.suppress(OSError):
            files = entry.rglob("*") if entry.is_dir() else [entry]
            size = sum(file.stat().st_size for file in files if file.is_file())
            entries.append((entry.stat().st_mtime, entry, size))
    whole = sum(size for _, _, size in entries)
    for used, entry, size in sorted(entries):
        # What begins with a dot was never finished: its maker was killed, if it is old.
        if used >= before or (whole <= most and not entry.name.startswith(".")):
            continue
        whole -= size
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
