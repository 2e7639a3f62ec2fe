"""A board's image from reset on in Unicorn: flash, RAM, and as much of the chip as its port touches.

No interrupts and no exceptions, so a fault ends the run, where QEMU would let the image report it. It is much
quicker than QEMU, knows registers that QEMU lacks, and counts instructions. Clocks are ready at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import unicorn
from unicorn import arm_const

from sertool.engines.executed import Executed
from sertool.targets import Target

_PERIPHERALS, _PERIPHERALS_BYTES = 0x4000_0000, 0x2000_0000
_SYSTEM, _SYSTEM_BYTES = 0xE000_0000, 0x0010_0000
_RETURN = 0x0FF0_0000
_RCC_CR, _RCC_CFGR = 0x4002_3800, 0x4002_3808


@dataclass(frozen=True)
class Uart:
    """Registers of a serial line: data to send, and what others read as (ready, at once)."""

    data: int
    ready: Mapping[int, int]


def uart(target: Target) -> Uart:
    macros = target.wiring.macros
    if "usart_base" in macros:
        return Uart(macros["usart_base"] + 4, {macros["usart_base"]: 1 << 7})
    if "uart_base" in macros:
        return Uart(macros["uart_base"], {macros["uart_base"] + 4: 0})
    return Uart(0x4000_251C, {0x4000_211C: 1, 0x4000_0100: 1})


@dataclass
class Boot:
    """What came of a run: text on the serial line, how it ended, instructions (None: not counted), and
    (instructions so far, address, value) of every write to a watched register.
    """

    text: str
    ended: str
    instructions: int | None
    writes: list[tuple[int, int, int]] = field(default_factory=list)


class BareBoard:
    """Boots images of one target; every boot begins with fresh memory."""

    def __init__(
        self,
        target: Target,
        *,
        counting: bool = False,
        registers: Mapping[int, int] | None = None,
        watched: tuple[int, ...] = (),
    ) -> None:
        """`registers` read as said, whatever is written there; writes to `watched` ones are kept."""
        self._target, self._counting, self._watched = target, counting, watched
        self._uart = uart(target)
        self._fixed = {**self._uart.ready, **(registers or {})}

    def call(self, image: bytes, address: int) -> int:
        """What the function at `address`, without arguments, returns, before any other has run."""
        return self._run(image, address, "", 5.0)[1]

    def boot(self, image: bytes, end: str, timeout: float = 5.0) -> Boot:
        """Run `image` (its BIN) from its reset vector until a line with `end` in it is out."""
        return self._run(image, None, end, timeout)[0]

    def _run(self, image: bytes, function: int | None, end: str, timeout: float) -> tuple[Boot, int]:
        flash, ram = self._target.memory.flash, self._target.memory.ram
        uc: Any = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        model = "UC_CPU_ARM_" + self._target.core.cpu.upper().replace("-", "_")
        uc.ctl_set_cpu_model(getattr(arm_const, model))
        uc.mem_map(_RETURN, 0x1000, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        uc.mem_map(flash.origin, _pages(flash.length), unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        uc.mem_map(ram.origin, _pages(ram.length), unicorn.UC_PROT_READ | unicorn.UC_PROT_WRITE)
        run = Boot("", "silent", None)
        stored: dict[int, int] = {}
        line = bytearray()

        def read(_uc: Any, base: int, offset: int, _size: int, _user: object) -> int:
            address = base + offset
            return self._fixed.get(address, _as_if_ready(address, stored.get(address, 0)))

        def write(uc: Any, base: int, offset: int, _size: int, value: int, _user: object) -> None:
            address = base + offset
            stored[address] = value
            if address in self._watched:
                run.writes.append((executed.instructions if executed else 0, address, value))
            if address == self._uart.data:
                line.append(value & 0xFF)
                if value & 0xFF == 0x0A:
                    run.text += line.decode("latin-1")
                    if end in run.text:
                        run.ended = "said"
                        uc.emu_stop()
                    line.clear()

        for start, size in ((_PERIPHERALS, _PERIPHERALS_BYTES), (_SYSTEM, _SYSTEM_BYTES)):
            uc.mmio_map(
                start, size, lambda *a, s=start: read(a[0], s, *a[1:]), None,
                lambda *a, s=start: write(a[0], s, *a[1:]), None,
            )  # fmt: skip
        executed = Executed(uc, flash.origin, image) if self._counting else None
        uc.mem_write(flash.origin, image)
        stack, reset = np.frombuffer(image[:8], "<u4").tolist()
        uc.reg_write(arm_const.UC_ARM_REG_SP, stack & ~3)
        try:
            if not reset & 1:
                raise unicorn.UcError(unicorn.UC_ERR_INSN_INVALID)
            uc.reg_write(arm_const.UC_ARM_REG_LR, _RETURN | 1)
            uc.emu_start(reset if function is None else function | 1, _RETURN, timeout=int(timeout * 1e6))
        except unicorn.UcError as error:
            run.ended = f"fault: {error}"
        run.text += line.decode("latin-1")
        run.instructions = executed.instructions if executed else None
        return run, int(uc.reg_read(arm_const.UC_ARM_REG_R0))


def _pages(length: int) -> int:
    return -(-length // 0x1000) * 0x1000


def _as_if_ready(address: int, value: int) -> int:
    """Oscillators and PLL of the STM32F4 are ready when they are on; the clock is switched as soon as asked."""
    if address == _RCC_CR:
        return value | (value & 0x0101_0001) << 1
    return value & ~0xC | (value & 3) << 2 if address == _RCC_CFGR else value
