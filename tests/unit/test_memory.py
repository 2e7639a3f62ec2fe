from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sertool.compilers import cross_tool, run_tool
from sertool.firmware.image import DoesNotFit
from sertool.firmware.memory import Section, Symbol, memory_map
from sertool.targets import MemoryLayout, Region, load

TARGET = load("stm32")

CODE = """
const int table[25] = {1};
int counters[10] = {7};
char room[300];
int start(int i) { return table[i] + counters[i] + room[i]; }
"""


@pytest.fixture
def elf(tmp_path: Path) -> Path:
    (tmp_path / "a.c").write_text(CODE)
    run_tool(
        [cross_tool(), "-mcpu=cortex-m4", "-mthumb", "-Os", "-nostdlib", "-Wl,-estart", "-Wl,--build-id=none",
         "a.c", "-o", "a.elf"],
        tmp_path,
    )  # fmt: skip
    return tmp_path / "a.elf"


def test_initialized_variables_take_both(elf: Path) -> None:
    use = memory_map(elf, TARGET)
    assert [section.name for section in use.flash.sections] == [".text", ".rodata", ".data"]
    assert use.ram.sections == (Section(".data", 40), Section(".bss", 300))
    assert use.ram.used == 340
    assert use.ram.symbols == (Symbol("room", ".bss", 300), Symbol("counters", ".data", 40))
    assert Symbol("table", ".rodata", 100) in use.flash.symbols
    assert use.flash.capacity == TARGET.memory.image.length < TARGET.memory.flash.length == 1 << 20
    assert use.to_dict()["ram"]["capacity"] == 128 << 10  # type: ignore[index]


def test_stripped_image_has_sections_only(elf: Path) -> None:
    run_tool([cross_tool("strip"), elf], elf.parent)
    use = memory_map(elf, TARGET)
    assert use.ram.used == 340
    assert use.ram.symbols == ()


def test_too_large_for_the_target(elf: Path) -> None:
    memory = MemoryLayout(TARGET.memory.flash, Region(0x20000000, 1024), 512)
    tight = replace(TARGET, memory=replace(memory, ram=Region(0x20000000, 600)))
    assert memory_map(elf, tight).ram.used == 340
    small = replace(TARGET, memory=replace(memory, flash=Region(0x08000000, 128)))
    with pytest.raises(DoesNotFit, match="does not fit stm32f405: flash is") as caught:
        memory_map(elf, small)
    assert list(caught.value.over) == ["flash"]
