"""The parts of a chunked file (RIFF, AIFF, Wave64, CAF), found without copying them."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_UNKNOWN = (range(0x7FFF0000, 0x80000001), range(0xFFFFFF00, 0x100000000))
"""Sizes that recorders write before they know: about 2 GiB (sox, arecord) or 4 (ffmpeg); Core Audio's is -1."""
_LEAST = 8
"""Bytes behind the last chunk that may be another program's tag; fewer are a chunk that went astray."""


@dataclass(frozen=True)
class Chunks:
    """Bytes of each chunk's body by name (the first of each), where the last ends, whether that is known."""

    at: Mapping[bytes, range]
    end: int
    open: bool

    def astray(self, told: int, length: int) -> str | None:
        """Say that the chunks end neither where the header says (`told`) nor with the file; None: they do."""
        if self.open or self.end == length or (self.end == told and length - self.end >= _LEAST):
            return None
        return f"its parts end at byte {self.end} of {length}"


def chunks(
    data: mmap.mmap,
    start: int,
    head: str,
    counted: int,
    even: int,
    told: Mapping[bytes, int] = MappingProxyType({}),
) -> Chunks:
    """Walk the chunks from byte `start`.

    head: `struct` format of name and size; `counted` bytes of it are part of the size; bodies are padded to
    `even` bytes; sizes `told` elsewhere stand in for those that a chunk cannot hold (RF64).
    """
    at: dict[bytes, range] = {}
    size = struct.calcsize(head)
    while start + size <= len(data):
        name, length = struct.unpack_from(head, data, start)
        body = start + size
        unknown = length in (0, -1) or any(length in sizes for sizes in _UNKNOWN)
        length = told.get(name, length) - counted
        # A recorder that was cut off has never filled in the size of its samples.
        if name == b"data" and unknown and name not in told:
            at.setdefault(name, range(body, len(data)))
            return Chunks(at, len(data), open=True)
        at.setdefault(name, range(body, min(body + length, len(data))))
        start = body + max(0, length)
        padded = start + -start % even
        start = padded if padded <= len(data) else start
    return Chunks(at, start, open=False)
