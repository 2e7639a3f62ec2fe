"""Frames of the serial protocol, as `firmware_templates/runtime/device/ser_frame.h` lays them out."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

VERSION = 4
#: Versions that a device may speak: anything else where a frame's version stands is noise.
_VERSIONS = range(1, 16)
SYNC = b"\xa5\x5a"
#: Bytes of payload in a frame at most.
LONGEST = 32768
_HEADER = struct.Struct("<BBHH")
_OVERHEAD = len(SYNC) + _HEADER.size + 4
#: Characters of text that are kept: a banner or a fault is far shorter.
_TEXT = 4096


@dataclass(frozen=True)
class Frame:
    """A frame's type, the sequence number of the exchange it belongs to, and its payload."""

    type: int
    sequence: int
    payload: bytes = b""

    def encode(self) -> bytes:
        """The bytes on the line."""
        body = _HEADER.pack(VERSION, self.type, self.sequence, len(self.payload)) + self.payload
        return SYNC + body + struct.pack("<I", zlib.crc32(body))


class FrameReader:
    """Takes received bytes, gives the frames among them; everything else is collected as `text`.

    What begins like a frame and is not whole yet never hides a whole frame behind it: only a checksum makes a
    frame. `damaged` says whether something that began like a frame turned out to be none; clear it at will.
    `foreign` is the version of the last whole frame that was of another version than ours, None without one.
    """

    def __init__(self) -> None:
        self.text = bytearray()
        self.damaged = False
        self.foreign: int | None = None
        self._buffer = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether something has begun like a frame and may still become one."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._buffer += data

    def next(self) -> Frame | None:
        """The next whole frame, or None when more bytes are needed."""
        begun, at = None, self._buffer.find(SYNC)
        while at >= 0:
            size = self._size(at)
            if size is None:
                begun = at if begun is None else begun
            elif size:
                body = bytes(self._buffer[at + len(SYNC) : at + size - 4])
                self._drop(at, size)
                _, kind, sequence, _ = _HEADER.unpack_from(body)
                return Frame(kind, sequence, body[_HEADER.size :])
            at = self._buffer.find(SYNC, at + 1)
        if begun is None:
            begun = len(self._buffer) - self._buffer.endswith(SYNC[:1])
        self._drop(begun)
        return None

    def give_up(self) -> None:
        """The rest of what has begun like a frame will not come: it is text."""
        self.damaged |= self.waiting
        self._drop(len(self._buffer))

    def _size(self, at: int) -> int | None:
        """Bytes of the frame that begins at `at`, 0 when it is none, None when too little of it is there."""
        header = self._buffer[at + len(SYNC) : at + len(SYNC) + _HEADER.size]
        if len(header) < _HEADER.size:
            return None if not header or header[0] in _VERSIONS else 0
        version, _, _, length = _HEADER.unpack(header)
        if version not in _VERSIONS or length > LONGEST:
            return 0
        size = _OVERHEAD + int(length)
        if len(self._buffer) < at + size:
            return None
        body = self._buffer[at + len(SYNC) : at + size - 4]
        if zlib.crc32(body) == int.from_bytes(self._buffer[at + size - 4 : at + size], "little"):
            if version == VERSION:
                return size
            self.foreign = version
            return 0
        self.damaged = True
        return 0

    def _drop(self, text: int, frame: int = 0) -> None:
        """Take `text` bytes off the buffer's front as text, and `frame` bytes more."""
        self.text += self._buffer[:text]
        del self.text[:-_TEXT]
        del self._buffer[: text + frame]
