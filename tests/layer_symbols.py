"""What a linker placed for each layer of a model, by the symbols of its ELF file; and what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from elftools.elf.elffile import ELFFile

from sertool.firmware.pack import layer_bytes
from sertool.graph import IntegerGraph

NAMES = ("weights", "bias", "multiplier", "shift")


def placed(elf: Path) -> Iterator[int]:
    """Bytes from each layer's arrays to whatever follows each of them, layer by layer."""
    with elf.open("rb") as stream:
        file = ELFFile(stream)
        symbols = [
            symbol
            for symbol in file.get_section_by_name(".symtab").iter_symbols()
            if symbol["st_info"]["type"] == "STT_OBJECT" and symbol["st_size"]
        ]
        starts = sorted(symbol["st_value"] for symbol in symbols)
        where = {symbol.name: symbol for symbol in symbols}
        layers = sorted(int(name.removeprefix("weights_")) for name in where if re.match(r"weights_\d", name))
        for layer in layers:
            total = 0
            for name in NAMES:
                symbol = where[f"{name}_{layer}"]
                section = file.get_section(symbol["st_shndx"])
                end = section["sh_addr"] + section["sh_size"]
                after = [start for start in starts if start > symbol["st_value"]]
                total += min([*after, end]) - symbol["st_value"]
            yield total


def counted(graph: IntegerGraph) -> list[int]:
    return [layer_bytes(layer.outputs, layer.inputs, layer.width) for layer in graph.weighted]
