"""Flash controllers of chips in Unicorn, by their reference manuals, for the drivers of the platforms.

Anything that a manual does not allow is a failure: a write to flash that is locked, in no mode for it, or not
of a whole word; an operation while another goes on, or while an error of an earlier one stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import unicorn
from elftools.elf.elffile import ELFFile
from unicorn import arm_const

from sertool.targets import Target

_RETURN, _BUFFERS = 0x0FF0_0000, 0x6000_0000


@dataclass
class Controller:
    """Registers by address; flash is what `chip` holds. `erased` are the pages (or sectors) in their order."""

    target: Target
    registers: dict[int, int] = field(default_factory=dict)
    erased: list[int] = field(default_factory=list)
    programmed: int = 0
    chip: Any = None

    def may_program(self) -> bool:
        raise NotImplementedError

    def write(self, address: int, value: int) -> None:
        raise NotImplementedError

    def program(self, address: int, size: int) -> None:
        """A word that is blank is about to be written."""
        assert self.may_program(), hex(address)
        assert (size, bytes(self.chip.mem_read(address, 4))) == (4, b"\xff" * 4), hex(address)
        self.programmed += 1

    def erase(self, address: int, size: int, number: int) -> None:
        self.chip.mem_write(address, b"\xff" * size)
        self.erased.append(number)


class Nvmc(Controller):
    """The nRF51's: READY, CONFIG and ERASEPAGE (nRF51 Series Reference Manual 3.0, chapter 6)."""

    READY, CONFIG, ERASEPAGE = 0x4001_E400, 0x4001_E504, 0x4001_E508

    def read(self, address: int) -> int:
        return 1 if address == self.READY else self.registers.get(address, 0)

    def may_program(self) -> bool:
        return self.registers.get(self.CONFIG) == 1

    def write(self, address: int, value: int) -> None:
        self.registers[address] = value
        if address == self.ERASEPAGE:
            assert self.registers[self.CONFIG] == 2
            assert value % 0x400 == 0
            self.erase(value, 0x400, value // 0x400)

    @property
    def at_rest(self) -> bool:
        return self.registers[self.CONFIG] == 0


class Stm32f4(Controller):
    """FLASH_ACR, KEYR, SR and CR of RM0090, chapter 3; errors of before stand until they are cleared."""

    ACR, KEYR, SR, CR = 0x4002_3C00, 0x4002_3C04, 0x4002_3C0C, 0x4002_3C10
    LOCK, PG, SER, STRT, X32 = 1 << 31, 1, 2, 1 << 16, 2 << 8
    CACHES, RESETS = 3 << 9, 3 << 11

    def __init__(self, target: Target) -> None:
        super().__init__(target, {self.CR: self.LOCK, self.SR: 0xF0, self.ACR: 0x705})
        self.keys: list[int] = []
        self.stale = False
        self.busy = 0

    def read(self, address: int) -> int:
        if address == self.SR:
            self.busy = max(0, self.busy - 1)
            return self.registers[self.SR] | (self.busy > 0) << 16
        return self.registers.get(address, 0)

    def may_program(self) -> bool:
        control = self.registers[self.CR]
        ready = self.busy == 0 and self.registers[self.SR] & 0xF2 == 0
        self.busy = 3
        return ready and control & (self.LOCK | self.PG | self.SER | 3 << 8) == self.PG | self.X32

    def write(self, address: int, value: int) -> None:
        if address == self.KEYR:
            self.keys.append(value)
            assert self.keys in ([0x4567_0123], [0x4567_0123, 0xCDEF_89AB])
            if len(self.keys) == 2:
                self.registers[self.CR] &= ~self.LOCK
                self.keys = []
        elif address == self.SR:
            self.registers[self.SR] &= ~value
        elif address == self.ACR:
            if value & self.RESETS == self.RESETS:
                assert (value | self.registers[self.ACR]) & self.CACHES == 0
                self.stale = False
            self.registers[self.ACR] = value
        elif address == self.CR:
            assert self.busy == 0
            assert not self.registers[self.CR] & self.LOCK
            self.registers[self.CR] = value & ~self.STRT
            if value & self.STRT:
                self._erase_sector(value)

    def _erase_sector(self, control: int) -> None:
        assert self.registers[self.SR] & 0xF2 == 0
        assert control & (self.PG | self.SER) == self.SER
        sizes = [0x4000] * 4 + [0x1_0000] + [0x2_0000] * 7
        sector = control >> 3 & 15
        self.erase(0x0800_0000 + sum(sizes[:sector]), sizes[sector], sector)
        self.stale, self.busy = True, 5

    @property
    def at_rest(self) -> bool:
        idle = not self.stale and self.registers[self.ACR] == 0x705
        return idle and self.registers[self.CR] & self.LOCK != 0


class Chip:
    """An image's functions, one by one, on flash behind its controller."""

    def __init__(self, target: Target, elf: Path, image: bytes, controller: Any) -> None:
        flash, ram = target.memory.flash, target.memory.ram
        uc: Any = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        name = "UC_CPU_ARM_" + target.core.cpu.upper().replace("-", "_")
        uc.ctl_set_cpu_model(getattr(arm_const, name))
        for begin, size in ((_RETURN, 0x1000), (flash.origin, flash.length), (ram.origin, ram.length)):
            uc.mem_map(begin, size)
        uc.mem_map(_BUFFERS, 0x1000)
        uc.mem_write(flash.origin, image.ljust(flash.length, b"\0"))
        controller.chip = uc
        uc.mmio_map(
            0x4000_0000, 0x2000_0000, lambda _uc, at, _size, _user: controller.read(0x4000_0000 + at), None,
            lambda _uc, at, _size, value, _user: controller.write(0x4000_0000 + at, value), None,
        )  # fmt: skip
        uc.hook_add(
            unicorn.UC_HOOK_MEM_WRITE,
            lambda _uc, _kind, at, size, _value, _user: controller.program(at, size),
            None, flash.origin, flash.end - 1,
        )  # fmt: skip
        self._uc = uc
        self._ram = ram
        with elf.open("rb") as stream:
            table: Any = ELFFile(stream).get_section_by_name(".symtab")
            self._symbols = {one.name: one["st_value"] for one in table.iter_symbols()}

    def call(self, function: str, *arguments: int) -> None:
        self._uc.reg_write(arm_const.UC_ARM_REG_SP, self._ram.end)
        self._uc.reg_write(arm_const.UC_ARM_REG_LR, _RETURN | 1)
        for number, value in enumerate(arguments):
            self._uc.reg_write(arm_const.UC_ARM_REG_R0 + number, value)
        self._uc.emu_start(self._symbols[function] | 1, _RETURN, timeout=5_000_000)
        assert self._uc.reg_read(arm_const.UC_ARM_REG_PC) & ~1 == _RETURN

    def buffer(self, data: bytes) -> int:
        self._uc.mem_write(_BUFFERS, data)
        return _BUFFERS

    def read(self, address: int, size: int) -> bytes:
        return bytes(self._uc.mem_read(address, size))
