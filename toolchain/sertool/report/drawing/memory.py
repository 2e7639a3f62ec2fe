"""A memory region as two stacked bars: sections, and under each section its largest symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sertool.report.report import Region, Section, Symbol

#: A symbol narrower than this part of the used memory joins "smaller ones".
_SMALLEST = 0.02
_SMALLEST_SECTION = 0.035
_COLOURS = 6


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: x and width in per cent, its section's colour number, the key that the list repeats."""

    name: str
    bytes: int
    x: float
    width: float
    colour: int
    key: str
    rest: bool = False

    @property
    def middle(self) -> float:
        """x of the middle, in per cent."""
        return self.x + self.width / 2

    @property
    def shows_key(self) -> bool:
        """Whether the key has room inside the piece, on a phone too."""
        return self.width >= 100 * _SMALLEST_SECTION


@dataclass(frozen=True)
class MemoryBar:
    """A region's picture; `used` is the used part of the capacity in per cent, at most 100."""

    region: Region
    used: float
    sections: tuple[Segment, ...]
    symbols: tuple[Segment, ...]

    @property
    def keyed_symbols(self) -> tuple[Segment, ...]:
        """Pieces that stand for one symbol, in the order of their keys."""
        return tuple(segment for segment in self.symbols if not segment.rest)


def memory_bar(region: Region) -> MemoryBar:
    """Lay out a region: the bars span what is used, sections lettered A, B, ..., symbols numbered 1, 2, ..."""
    total = region.used or 1
    sections, symbols, start, numbered = [], [], 0, 0
    for index, section in enumerate(part for part in region.sections if part.bytes):
        colour = index % _COLOURS + 1
        x, width = 100 * start / total, 100 * section.bytes / total
        sections.append(Segment(section.name, section.bytes, x, width, colour, chr(ord("A") + index % 26)))
        for name, size, offset, rest in _pieces(section, region.symbols, total):
            numbered += not rest
            key = "" if rest else str(numbered)
            symbols.append(Segment(name, size, x + 100 * offset / total, 100 * size / total, colour, key, rest))
        start += section.bytes
    used = min(100.0, 100 * region.used / region.capacity) if region.capacity else 100.0
    return MemoryBar(region, used, tuple(sections), tuple(symbols))


def _pieces(section: Section, symbols: Sequence[Symbol], total: int) -> Iterator[tuple[str, int, int, bool]]:
    """Yield (name, bytes, offset, is the rest) for the symbols of a section, the largest first.

    A symbol that has no room left, an alias of another, is left out of the picture.
    """
    own = sorted(
        (symbol for symbol in symbols if symbol.section == section.name), key=lambda s: (-s.bytes, s.name)
    )
    offset, others = 0, 0
    for symbol in own:
        if symbol.bytes < _SMALLEST * total or offset + symbol.bytes > section.bytes:
            others += 1
            continue
        yield symbol.name, symbol.bytes, offset, False
        offset += symbol.bytes
    if section.bytes > offset:
        name = f"{others} smaller in {section.name}" if others else f"rest of {section.name}"
        yield name, section.bytes - offset, offset, True
