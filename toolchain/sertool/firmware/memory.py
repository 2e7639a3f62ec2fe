"""Where every byte of flash and RAM goes: sections and symbols of a built ELF file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Section as ElfSection
from elftools.elf.sections import SymbolTableSection

from sertool.firmware.image import DoesNotFit
from sertool.targets import Target


@dataclass(frozen=True)
class Section:
    """A section and its size in bytes."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Symbol:
    """A function or variable, the section that it is in, its size in bytes."""

    name: str
    section: str
    bytes: int


@dataclass(frozen=True)
class RegionUse:
    """What an image takes of flash or RAM: sections by address, symbols by size, the largest first; no symbols
    when the image was stripped of them.
    """

    capacity: int
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...]

    @property
    def used(self) -> int:
        """Bytes taken, the padding between sections not counted."""
        return sum(section.bytes for section in self.sections)


@dataclass(frozen=True)
class MemoryMap:
    """Flash and RAM of an image; initialized variables take both."""

    flash: RegionUse
    ram: RegionUse

    def to_dict(self) -> dict[str, object]:
        """The map as plain values."""
        return asdict(self)


def memory_map(elf: Path, target: Target, *, named: bool = True) -> MemoryMap:
    """Read where everything is in the image `elf`; its symbols only where they are to be `named`.

    Raises DoesNotFit when it takes more than `target` has (it may have been linked for another).
    """
    with elf.open("rb") as stream:
        file = ELFFile(stream)
        sections = [
            one for one in file.iter_sections() if one["sh_flags"] & SH_FLAGS.SHF_ALLOC and one["sh_size"]
        ]
        symbols = list(_symbols(file)) if named else []
    in_ram = [one for one in sections if one["sh_flags"] & SH_FLAGS.SHF_WRITE]
    in_flash = [one for one in sections if one not in in_ram or one["sh_type"] != "SHT_NOBITS"]
    result = MemoryMap(
        _use(in_flash, symbols, target.memory.image.length), _use(in_ram, symbols, target.memory.ram.length)
    )
    regions = {"flash": result.flash, "ram": result.ram}
    over = {name: use.used - use.capacity for name, use in regions.items() if use.used > use.capacity}
    if over:
        raise DoesNotFit(target, over)
    return result


def _use(sections: list[ElfSection], symbols: list[Symbol], capacity: int) -> RegionUse:
    names = {section.name for section in sections}
    return RegionUse(
        capacity,
        tuple(Section(one.name, one["sh_size"]) for one in sorted(sections, key=lambda one: one["sh_addr"])),
        tuple(symbol for symbol in symbols if symbol.section in names),
    )


def _symbols(file: ELFFile) -> Iterator[Symbol]:
    table = file.get_section_by_name(".symtab")
    if isinstance(table, SymbolTableSection):
        found = [
            Symbol(symbol.name, file.get_section(symbol["st_shndx"]).name, symbol["st_size"])
            for symbol in table.iter_symbols()
            if symbol["st_info"]["type"] in ("STT_FUNC", "STT_OBJECT") and symbol["st_size"]
        ]
        yield from sorted(found, key=lambda symbol: (-symbol.bytes, symbol.name))
