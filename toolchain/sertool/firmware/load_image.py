"""What an image puts where: the bytes that ELF, HEX and BIN load into flash, which must be the same."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from sertool.errors import CheckFailed, SertoolError
from sertool.firmware.image import Image
from sertool.targets import Target

#: Address and bytes.
Piece = tuple[int, bytes]
_DATA, _END, _SEGMENT, _START_SEGMENT, _UPPER, _START = range(6)


def load_image(image: Image, target: Target) -> bytes:
    """What is flashed, from its first byte to its last, gaps as 0.

    Raises CheckFailed when HEX or BIN are not what the ELF file loads, or when that is not for the target's
    flash; SertoolError for a file that is missing or damaged.
    """
    for file in (image.elf, image.hex, image.bin):
        if not file.is_file():
            raise SertoolError("there is no image to flash", where=file, hint="sertool build")
    pieces = elf_pieces(image.elf)
    flat = _flat(pieces)
    _check(image.hex, hex_pieces(image.hex) == pieces)
    _check(image.bin, image.bin.read_bytes() == flat)
    flash = target.memory.image
    first, last = pieces[0][0], pieces[-1][0] + len(pieces[-1][1])
    if first != flash.origin or last > flash.end:
        raise CheckFailed(
            f"the image is for addresses {first:#x} to {last - 1:#x}",
            where=image.elf,
            allowed=f"{flash.origin:#x} to {flash.end - 1:#x}, the flash of {target.name}",
            hint="flash the target that the image was built for",
        )
    return flat


def elf_pieces(path: Path) -> list[Piece]:
    """What an ELF file loads, by load address, pieces that touch made one."""
    try:
        with path.open("rb") as stream:
            elf = ELFFile(stream)
            segments = [segment.header for segment in elf.iter_segments("PT_LOAD")]
            return _joined(
                (_load_address(section.header, segments), section.data())
                for section in elf.iter_sections()
                if section["sh_flags"] & SH_FLAGS.SHF_ALLOC
                and section["sh_type"] != "SHT_NOBITS"
                and section["sh_size"]
            )
    except (ELFError, ValueError, KeyError, struct.error, OSError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error


def hex_pieces(path: Path) -> list[Piece]:
    """What an Intel HEX file loads, as `elf_pieces`."""
    try:
        return _joined(_records(path.read_text("ascii").split()))
    except (UnicodeDecodeError, ValueError, IndexError) as error:
        raise _damaged(path, str(error)) from error


def _records(lines: list[str]) -> Iterator[Piece]:
    base = 0
    for number, line in enumerate(lines, 1):
        record = bytes.fromhex(line[1:])
        if line[0] != ":" or sum(record) % 256 or len(record) != record[0] + 5:
            raise ValueError(f"line {number} is no record")
        address, kind, data = int.from_bytes(record[1:3], "big"), record[3], record[4:-1]
        if kind == _END and number == len(lines):
            return
        if kind == _DATA:
            yield base + address, data
        elif kind in (_SEGMENT, _UPPER):
            base = int.from_bytes(data, "big") << (4 if kind == _SEGMENT else 16)
        elif kind not in (_START_SEGMENT, _START):
            raise ValueError(f"line {number} is of type {kind}")
    raise ValueError("its end is missing")


def _load_address(section: dict[str, int], segments: list[dict[str, int]]) -> int:
    for segment in segments:
        offset = section["sh_offset"] - segment["p_offset"]
        if offset >= 0 and offset + section["sh_size"] <= segment["p_filesz"]:
            return segment["p_paddr"] + offset
    raise ValueError(f"no segment loads the section at {section['sh_addr']:#x}")


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for address, data in sorted(pieces):
        if joined and address < joined[-1][0] + len(joined[-1][1]):
            raise ValueError(f"two things are at {address:#x}")
        if joined and address == joined[-1][0] + len(joined[-1][1]):
            joined[-1] = (joined[-1][0], joined[-1][1] + data)
        elif data:
            joined.append((address, data))
    if not joined:
        raise ValueError("it loads nothing")
    return joined


def _flat(pieces: list[Piece]) -> bytes:
    flat = b""
    for address, data in pieces:
        flat += bytes(address - pieces[0][0] - len(flat)) + data
    return flat


def _check(path: Path, equal: bool) -> None:
    if not equal:
        raise CheckFailed(
            f"{path.name} is not what the ELF file beside it loads",
            where=path,
            hint="build it again: sertool build",
        )


def _damaged(path: Path, why: str) -> SertoolError:
    return SertoolError(f"{path.name} is damaged: {why}", where=path, hint="build it again: sertool build")
