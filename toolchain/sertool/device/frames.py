"""Frames of the serial protocol, as `firmware_templates/runtime/device/ser_frame.h` lays them out."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

VERSION = 1
SYNC = b"\xa5\x5a"
_HEADER = struct.Struct("<BBHH")
_OVERHEAD = len(SYNC) + _HEADER.size + 4


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
    """Takes received bytes, gives the frames among them; everything else is collected as `text`."""

    def __init__(self) -> None:
        self.text = bytearray()
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._buffer += data

    def next(self) -> Frame | None:
        """The next whole frame, or None when more bytes are needed."""
        while self._skip_to_sync():
            header = self._buffer[len(SYNC) :][: _HEADER.size]
            if len(header) < _HEADER.size:
                return None
            version, kind, sequence, length = _HEADER.unpack(header)
            if version != VERSION:
                self._drop()
                continue
            if len(self._buffer) < length + _OVERHEAD:
                return None
            body = bytes(self._buffer[len(SYNC) : length + _OVERHEAD - 4])
            stored = self._buffer[length + _OVERHEAD - 4 : length + _OVERHEAD]
            if struct.pack("<I", zlib.crc32(body)) != stored:
                self._drop()
                continue
            del self._buffer[: length + _OVERHEAD]
            return Frame(kind, sequence, body[_HEADER.size :])
        return None

    def give_up(self) -> None:
        """The rest of what began like a frame will not come: look behind its first byte."""
        if self._buffer:
            self._drop()

    def _drop(self) -> None:
        self.text += self._buffer[:1]
        del self._buffer[:1]

    def _skip_to_sync(self) -> bool:
        found = self._buffer.find(SYNC)
        if found < 0:
            found = len(self._buffer) - self._buffer.endswith(SYNC[:1])
        self.text += self._buffer[:found]
        del self._buffer[:found]
        return len(self._buffer) >= len(SYNC)
