"""Taking a reply's payload apart: what is not exactly of the form that the protocol gives it is refused."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from sertool.errors import CheckFailed


class MalformedReply(CheckFailed):
    """A reply that came whole, with the right checksum, and is not what the protocol says it must be."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(
            f"the device's answer makes no sense: {what}", where=where, hint="flash the image of this build"
        )


class Payload:
    """The fields of a payload, taken from its front; every method raises MalformedReply, naming `where`."""

    def __init__(self, data: bytes, where: str) -> None:
        self._rest = data
        self._size = len(data)
        self._where = where

    def words(self, count: int) -> tuple[int, ...]:
        """`count` unsigned words of 32 bits."""
        return struct.unpack(f"<{count}I", self.take(4 * count))

    def word(self) -> int:
        """One unsigned word of 32 bits."""
        return self.words(1)[0]

    def flag(self, name: str) -> bool:
        """A word that is 0 or 1."""
        value = self.word()
        self.require(value <= 1, f"{name} is {value}, neither 0 nor 1")
        return bool(value)

    def below(self, limit: int, name: str) -> int:
        """A word that is less than `limit`."""
        value = self.word()
        self.require(value < limit, f"{name} is {value}, of {limit}")
        return value

    def int8(self, count: int) -> NDArray[np.int8]:
        """`count` values, int8 (count,)."""
        return np.frombuffer(self.take(count), np.int8)

    def int32(self, count: int) -> NDArray[np.int32]:
        """`count` values, int32 (count,)."""
        return np.frombuffer(self.take(4 * count), "<i4").astype(np.int32)

    def take(self, count: int) -> bytes:
        """`count` bytes."""
        taken, self._rest = self._rest[:count], self._rest[count:]
        self.require(len(taken) == count, f"it ends after {self._size} bytes")
        return taken

    def lines(self, least: int) -> tuple[str, ...]:
        """All that is left: `least` or more lines of printable UTF-8, each ended by a line feed."""
        try:
            *lines, rest = self._rest.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            lines, rest = [], "?"
        printable = not rest and all(line and line.isprintable() for line in lines)
        self.require(printable and len(lines) >= least, f"its text is not {least} or more lines of text")
        self._rest = b""
        return tuple(lines)

    def end(self) -> None:
        """Nothing may be left."""
        self.require(not self._rest, f"it has {self._size} bytes, {len(self._rest)} too many")

    def require(self, holds: bool, what: str) -> None:
        """Refuse the payload unless `holds`."""
        if not holds:
            raise MalformedReply(what, self._where)
