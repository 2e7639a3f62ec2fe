"""Where a board has its flash and RAM."""

from __future__ import annotations

from dataclasses import dataclass

from sertool.plain_values import WrongValue

_SMALLEST_STACK = 512


def require(holds: bool, message: str, *keys: str) -> None:
    """Raise WrongValue at `keys` unless `holds`."""
    if not holds:
        raise WrongValue(message, *keys)


@dataclass(frozen=True)
class Region:
    """Memory from address `origin`, `length` bytes."""

    origin: int
    length: int

    def __post_init__(self) -> None:
        require(self.length > 0, f"length = {self.length} must be positive", "length")
        require(
            self.origin >= 0 and self.origin + self.length <= 2**32,
            "origin and length must stay within 32-bit addresses",
            "origin",
        )
        # A Cortex-M vector table of 16 entries stands at a multiple of 128.
        require(self.origin % 128 == 0, f"origin = {self.origin:#x} must be a multiple of 128", "origin")

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.origin + self.length

    def holds(self, other: Region) -> bool:
        """Whether all of `other` lies within."""
        return self.origin <= other.origin and other.end <= self.end

    def __str__(self) -> str:
        return f"{self.origin:#010x} to {self.end - 1:#010x}"


@dataclass(frozen=True)
class MemoryLayout:
    """Flash, RAM, and how many bytes of RAM the stack gets.

    `kept` is the end of flash, which no image takes: two pages in which a device keeps what it knows of a
    speaker.
    """

    flash: Region
    ram: Region
    stack: int
    kept: Region | None = None

    def __post_init__(self) -> None:
        apart = self.flash.end <= self.ram.origin or self.ram.end <= self.flash.origin
        require(apart, "flash and ram overlap", "ram")
        require(self.stack % 8 == 0, f"stack = {self.stack} must be a multiple of 8", "stack")
        require(
            _SMALLEST_STACK <= self.stack < self.ram.length,
            f"stack = {self.stack} must be {_SMALLEST_STACK} or more, and less than ram's {self.ram.length}",
            "stack",
        )

    @property
    def image(self) -> Region:
        """The flash that an image may take."""
        return Region(self.flash.origin, self.flash.length - (self.kept.length if self.kept else 0))
