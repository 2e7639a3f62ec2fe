"""Entries of the user's cache: each holds its own digest, and a damaged one counts as not there."""

from __future__ import annotations

import hashlib
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
