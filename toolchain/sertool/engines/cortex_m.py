"""A bare Cortex-M in Unicorn: load an ELF, call its functions, read its memory, count what it executed.

No board, no interrupts and no clock: only the core's own instructions, so it proves results and counts
instructions, never time. Cores: ARMv6-M (M0), ARMv7-M (M3, with DSP M4 and M7) and ARMv8-M (M33).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sertool.caches import seal, sealed, trim, use
from sertool.compilers import STRICT, SourceTree, compiler_version, cross_tool, run_tool, write_sources
from sertool.cores import CORES, EMULATED
from sertool.engines.executed import Executed
from sertool.errors import CheckFailed, SertoolError
from sertool.files import staged_folder
from sertool.locations import cache_folder

_FLASH, _FLASH_BYTES = 0x0800_0000, 0x0020_0000
_RAM, _RAM_BYTES = 0x2000_0000, 0x0010_0000
# The stack has unmapped memory below it, so that an overflow faults; the return address has a page of its own.
_STACK, _STACK_BYTES = 0x2800_0000, 0x0000_8000
_BUFFERS, _BUFFERS_BYTES = 0x6000_0000, 0x0100_0000
_RETURN = 0x0FF0_0000
_PAINT = 0xA5

#: Where a program has to lie.
LINKER_SCRIPT = f"""\
MEMORY
{{
  FLASH (rx) : ORIGIN = {_FLASH:#x}, LENGTH = {_FLASH_BYTES:#x}
  RAM (rw) : ORIGIN = {_RAM:#x}, LENGTH = {_RAM_BYTES:#x}
}}
SECTIONS
{{
  .text : {{ *(.text*) }} > FLASH
  .rodata : {{ *(.rodata*) }} > FLASH
  .ARM.exidx : {{ *(.ARM.exidx*) }} > FLASH
  .data : {{ *(.data*) }} > RAM
  .bss (NOLOAD) : {{ *(.bss*) *(COMMON) }} > RAM
}}
"""


def check_core(core: str) -> str:
    """Return `core`, or raise SertoolError when it is not `EMULATED`."""
    if core not in EMULATED:
        raise SertoolError(f"no emulated core is called {core!r}", allowed=", ".join(EMULATED))
    return core


def bare_elf(name: str, sources: SourceTree, core: str, flags: Sequence[str] = ("-O2",)) -> Path:
    """Cross-compile a source tree into an ELF without start-up code, for `CortexM`.

    Every symbol is kept. The file stands in the user's cache, keyed by sources, flags, core and compiler.
    """
    compiler = cross_tool("gcc")
    flags = (*CORES[check_core(core)].flags, *flags)
    key = (sorted(sources.items()), flags, LINKER_SCRIPT, compiler_version(compiler))
    folder = cache_folder("images") / f"{name}-{core}-{hashlib.sha256(repr(key).encode()).hexdigest()[:20]}"
    elf = folder / f"{name}.elf"
    if not sealed(elf):
        includes = sorted({str(Path(path).parent) for path in sources if path.endswith(".h")})
        units = sorted(path for path in sources if path.endswith(".c"))
        with tempfile.TemporaryDirectory(prefix="sertool-sources-") as place, staged_folder(folder) as stage:
            write_sources({**sources, "bare.ld": LINKER_SCRIPT}, Path(place))
            run_tool(
                [compiler, *flags, *STRICT, *(f"-I{path}" for path in includes), *units, "-nostartfiles",
                 "-nodefaultlibs", "-lc", "-lgcc", "-Tbare.ld", "-Wl,--build-id=none",
                 "-o", stage.absolute() / elf.name],
                Path(place),
            )  # fmt: skip
            seal(stage / elf.name)
        trim(folder.parent)
    use(folder)
    return elf


@dataclass(frozen=True)
class Symbol:
    """A function or object of the ELF: its address (without the Thumb bit) and size in bytes."""

    name: str
    address: int
    size: int
    function: bool


class CortexM:
    """One emulated core with one ELF in it.

    After each `call`, `instructions` is the number of instructions that it executed (0 when the core was
    made with `counting=False`, which is faster) and `stack` the bytes of stack that it touched. Memory keeps
    its content between calls. A context manager; leaving it frees the emulator.
    Unicorn lets ARMv6-M read and write unaligned words, which the real core refuses: with `aligned=True`
    every access is checked, slowly, and an unaligned one is a fault.

    Raises SertoolError for an unknown core, a missing Unicorn or an ELF that does not fit the memory map.
    """

    def __init__(
        self, elf: Path, core: str = "cortex-m4", *, counting: bool = True, aligned: bool = False
    ) -> None:
        unicorn = _unicorn()
        from unicorn import arm_const

        self.core = check_core(core)
        self.elf = elf
        self._arm = arm_const
        self._unicorn = unicorn
        self._uc: Any = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        self._uc.ctl_set_cpu_model(getattr(arm_const, "UC_CPU_ARM_" + core.upper().replace("-", "_")))
        self._uc.mem_map(_FLASH, _FLASH_BYTES, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        self._uc.mem_map(_RETURN, 0x1000, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        for start, size in ((_RAM, _RAM_BYTES), (_STACK, _STACK_BYTES), (_BUFFERS, _BUFFERS_BYTES)):
            self._uc.mem_map(start, size, unicorn.UC_PROT_READ | unicorn.UC_PROT_WRITE)
        self.symbols = self._load(elf)
        self._bad_access: int | None = None
        self._next_buffer = _BUFFERS
        # Hooks have to be there before the first run: translated code is not patched afterwards.
        self._uc.hook_add(unicorn.UC_HOOK_MEM_INVALID, self._on_bad_access)
        self._executed: Executed | None = None
        if counting:
            self._executed = Executed(self._uc, _FLASH, bytes(self._uc.mem_read(_FLASH, _FLASH_BYTES)))
        self._unaligned = False
        if aligned:
            self._uc.hook_add(unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE, self._on_access)

    def __enter__(self) -> CortexM:
        return self

    def __exit__(self, *exception: object) -> None:
        self._uc = None

    def call(self, function: str, *arguments: int, timeout: float = 300.0) -> int:
        """Call `function` with integers or addresses, as the ARM procedure call standard passes them.

        Returns r0 as an unsigned 32-bit integer. Raises CheckFailed on a fault (bad access, undefined
        instruction, stack overflow), with the program counter, and after `timeout` seconds of real time.
        """
        uc, arm = self._uc, self._arm
        uc.mem_write(_STACK, bytes([_PAINT]) * _STACK_BYTES)
        words = [value & 0xFFFF_FFFF for value in arguments]
        on_stack = words[4:] + [0] * (len(words[4:]) % 2)
        top = _STACK + _STACK_BYTES - 4 * len(on_stack)
        uc.mem_write(top, np.array(on_stack, "<u4").tobytes())
        for register, value in zip(range(arm.UC_ARM_REG_R0, arm.UC_ARM_REG_R0 + 4), words, strict=False):
            uc.reg_write(register, value)
        uc.reg_write(arm.UC_ARM_REG_SP, top)
        uc.reg_write(arm.UC_ARM_REG_LR, _RETURN | 1)
        self._bad_access, self._unaligned = None, False
        if self._executed:
            self._executed.reset()
        try:
            uc.emu_start(self.symbol(function).address | 1, _RETURN, timeout=int(timeout * 1e6))
        except self._unicorn.UcError as error:
            raise self._fault(function, str(error)) from error
        if self._unaligned:
            raise self._fault(function, "unaligned access")
        if uc.reg_read(arm.UC_ARM_REG_PC) & ~1 != _RETURN:
            raise self._fault(function, f"still running after {timeout:g} s")
        return int(uc.reg_read(arm.UC_ARM_REG_R0))

    @property
    def instructions(self) -> int:
        """How many the last call executed; 0 where they are not counted."""
        return self._executed.instructions if self._executed else 0

    @property
    def stack(self) -> int:
        """Bytes of stack that the last call touched, stacked arguments included."""
        memory = np.frombuffer(bytes(self._uc.mem_read(_STACK, _STACK_BYTES)), np.uint8)
        touched = np.flatnonzero(memory != _PAINT)
        return int(_STACK_BYTES - touched[0]) if touched.size else 0

    def symbol(self, name: str) -> Symbol:
        """Return the symbol `name` of the ELF; raise SertoolError when there is none."""
        try:
            return self.symbols[name]
        except KeyError:
            raise SertoolError(f"no symbol {name!r}", where=self.elf) from None

    def address(self, name: str) -> int:
        """Address of the symbol `name`."""
        return self.symbol(name).address

    def write(self, place: str | int, values: NDArray[Any] | bytes) -> None:
        """Write values (little endian) at a symbol or an address."""
        data = values if isinstance(values, bytes) else np.ascontiguousarray(values).tobytes()
        self._uc.mem_write(place if isinstance(place, int) else self.address(place), data)

    def read(self, place: str | int, dtype: DTypeLike, count: int) -> NDArray[Any]:
        """Read `count` values of `dtype` (little endian) at a symbol or an address."""
        kind = np.dtype(dtype)
        address = place if isinstance(place, int) else self.address(place)
        return np.frombuffer(bytes(self._uc.mem_read(address, count * kind.itemsize)), kind).copy()

    def buffer(self, values: NDArray[Any] | bytes | int) -> int:
        """Set memory outside the program aside, for arguments: a copy of `values`, or that many zero bytes.

        Returns its address, a multiple of 16. Raises SertoolError when all 16 MiB are in use.
        """
        data = bytes(values) if isinstance(values, (int, bytes)) else np.ascontiguousarray(values).tobytes()
        address = self._next_buffer
        if address + len(data) > _BUFFERS + _BUFFERS_BYTES:
            raise SertoolError(f"no room for a buffer of {len(data)} bytes", allowed=f"{_BUFFERS_BYTES} in all")
        self._uc.mem_write(address, data)
        self._next_buffer = (address + len(data) + 15) & ~15
        return address

    def _load(self, elf: Path) -> dict[str, Symbol]:
        from elftools.elf.elffile import ELFFile

        with elf.open("rb") as stream:
            image = ELFFile(stream)
            for segment in image.iter_segments():
                if segment["p_type"] == "PT_LOAD" and segment["p_filesz"]:
                    try:
                        self._uc.mem_write(segment["p_vaddr"], segment.data())
                    except self._unicorn.UcError as error:
                        raise SertoolError(
                            f"a segment at {segment['p_vaddr']:#x} has no memory",
                            where=elf,
                            allowed=f"flash at {_FLASH:#x}, RAM at {_RAM:#x}",
                        ) from error
            table = image.get_section_by_name(".symtab")
            return {
                entry.name: Symbol(
                    entry.name,
                    entry["st_value"] & ~1 if entry["st_info"]["type"] == "STT_FUNC" else entry["st_value"],
                    entry["st_size"],
                    entry["st_info"]["type"] == "STT_FUNC",
                )
                for entry in table.iter_symbols()
                if entry.name and entry["st_info"]["type"] in ("STT_FUNC", "STT_OBJECT")
            }

    def _on_bad_access(
        self, _uc: Any, _kind: int, address: int, _size: int, _value: int, _user: object
    ) -> bool:
        self._bad_access = address
        return False

    def _on_access(self, uc: Any, _kind: int, address: int, size: int, _value: int, _user: object) -> None:
        if address % size and not self._unaligned:
            self._bad_access, self._unaligned = address, True
            uc.emu_stop()

    def _fault(self, function: str, reason: str) -> CheckFailed:
        pc = int(self._uc.reg_read(self._arm.UC_ARM_REG_PC)) & ~1
        inside = [s for s in self.symbols.values() if s.function and s.address <= pc < s.address + s.size]
        place = f"{pc:#010x}" + "".join(f" ({s.name} + {pc - s.address:#x})" for s in inside[:1])
        access = "" if self._bad_access is None else f", access to {self._bad_access:#010x}"
        return CheckFailed(
            f"{self.core} failed in {function}: {reason}{access}, program counter {place}", where=self.elf
        )


def _unicorn() -> Any:
    try:
        import unicorn
    except ImportError as error:
        raise SertoolError(
            "emulating a Cortex-M needs the package unicorn", hint="pip install 'sertool[verify]'"
        ) from error
    return unicorn
