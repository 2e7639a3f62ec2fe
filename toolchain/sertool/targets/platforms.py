"""Chip families as data: `platform.toml` beside a family's C says what a board of it may be."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from sertool.locations import firmware_templates
from sertool.targets.memory import MemoryLayout, Region, require
from sertool.toml_tables import load_table

#: What a board's file may say to a setting.
Word = int | str


@dataclass(frozen=True)
class Setting:
    """What a setting may be: one of `choices`, or an integer from `least` to `most`, a `multiple` of something.

    A board that leaves it out gets `default`; without one it has to be there, unless it is `optional`.
    """

    choices: tuple[Word, ...] = ()
    least: int = 0
    most: int = 2**32 - 1
    multiple: int = 1
    default: Word | None = None
    optional: bool = False

    def allows(self, value: Word) -> bool:
        """Whether a board may say `value`."""
        if self.choices:
            return value in self.choices
        return isinstance(value, int) and self.least <= value <= self.most and value % self.multiple == 0

    def __str__(self) -> str:
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        steps = f", a multiple of {self.multiple:#x}" if self.multiple > 1 else ""
        return f"an integer from {self.least} to {self.most}{steps}"


@dataclass(frozen=True)
class Pages:
    """Flash from `origin` on that is erased by pages (or sectors) of `page` bytes."""

    origin: int
    length: int
    page: int

    def holds_two(self, region: Region) -> bool:
        """Whether `region` is two equal parts, each of whole pages."""
        within = self.origin <= region.origin and region.end <= self.origin + self.length
        return (
            within and (region.origin - self.origin) % self.page == 0 and region.length % (2 * self.page) == 0
        )

    def __str__(self) -> str:
        return f"{self.page:#x} bytes from {self.origin:#010x} to {self.origin + self.length - 1:#010x}"


@dataclass(frozen=True)
class Part:
    """Chips with the same cores and memory. `clock_hz` are their clocks, empty: what the PLL makes. `pages` is
    how the family's C erases their flash, from the first page on; empty where it cannot.
    """

    name: str
    cores: tuple[str, ...]
    flash: tuple[Region, ...]
    ram: tuple[Region, ...]
    clock_hz: tuple[int, ...] = ()
    pages: tuple[Pages, ...] = ()


@dataclass(frozen=True)
class Pll:
    """Limits of an STM32's clock tree in Hz, and of the PLL's factors, from and to: see `clocks.solve`."""

    internal_hz: int
    crystal_hz: tuple[int, ...]
    input_hz: tuple[int, ...]
    vco_hz: tuple[int, ...]
    m: tuple[int, ...]
    n: tuple[int, ...]
    p: tuple[int, ...]
    usb_hz: int
    core_hz: int
    apb1_hz: int
    apb2_hz: int
    wait_state_hz: int


@dataclass(frozen=True)
class Baud:
    """Bits a second that the serial line can do, and its clock's divider, from and to, where it has one."""

    least: int
    most: int
    divider: tuple[int, ...] = ()


@dataclass(frozen=True)
class Usart:
    """A serial line: its registers, interrupt, bus (APB 1 or 2), bit in the bus's enable register, and pins."""

    base: int
    irq: int
    bus: int
    enable_bit: int
    function: int
    tx: tuple[str, ...]
    rx: tuple[str, ...]


@dataclass(frozen=True)
class Platform:
    """A chip family; `wiring` names the function of `wiring.py` that knows its registers."""

    title: str
    wiring: str
    parts: tuple[Part, ...]
    settings: Mapping[str, Setting]
    baud: Baud
    pll: Pll | None = None
    usarts: Mapping[str, Usart] = field(default_factory=dict)

    def check(self, name: str, cpu: str, clock_hz: int, memory: MemoryLayout) -> None:
        """Raise WrongValue for a core, clock or memory that no chip of the family `name` has."""
        parts = [part for part in self.parts if cpu in part.cores]
        cores = ", ".join(core for part in self.parts for core in part.cores)
        require(bool(parts), f"the platform {name} has no {cpu}: {cores}", "core", "cpu")
        clocks = [hertz for part in parts for hertz in part.clock_hz]
        require(
            not clocks or clock_hz in clocks,
            f"the platform {name} runs its {cpu} at {', '.join(map(str, clocks))} Hz, not at {clock_hz}",
            "core",
            "clock_hz",
        )
        for kind, region in (("flash", memory.flash), ("ram", memory.ram)):
            windows = [window for part in parts for window in getattr(part, kind)]
            require(
                any(window.holds(region) for window in windows),
                f"{kind} at {region} is not there: the platform {name} has {' and '.join(map(str, windows))}",
                "memory",
                kind,
            )

        if memory.kept:
            self._check_kept(name, cpu, memory, memory.kept)

    def _check_kept(self, name: str, cpu: str, memory: MemoryLayout, kept: Region) -> None:
        pages = [pages for part in self.parts if cpu in part.cores for pages in part.pages]
        require(bool(pages), f"the platform {name} cannot write flash, and keeps nothing", "memory", "kept")
        flash = memory.flash
        within = flash.origin < kept.origin and kept.end == flash.end
        message = f"kept at {kept} must be the end of flash, {flash}, and leave an image its beginning"
        require(within, message, "memory", "kept")
        require(
            any(one.holds_two(kept) for one in pages),
            f"kept at {kept} must be two equal parts, each of whole pages: {', '.join(map(str, pages))}",
            "memory",
            "kept",
        )

    def kept_macros(self, cpu: str, kept: Region) -> dict[str, int]:
        """What the family's C is told of where a speaker is kept.

        Address and bytes of the first of the two parts, bytes of a page of flash, number of the first page.
        """
        pages = next(part.pages for part in self.parts if cpu in part.cores)
        own = next(one for one in pages if one.holds_two(kept))
        before = sum(one.length // one.page for one in pages if one.origin < own.origin)
        first = before + (kept.origin - own.origin) // own.page
        return {
            "kept_origin": kept.origin,
            "kept_bytes": kept.length // 2,
            "kept_page": own.page,
            "kept_first": first,
        }

    def complete(self, name: str, given: Mapping[str, Word]) -> dict[str, Word]:
        """Return the settings with defaults; raise WrongValue for one that is unknown, missing or wrong."""
        for key, setting in self.settings.items():
            needed = setting.default is None and not setting.optional
            require(key in given or not needed, f"the platform {name} needs settings.{key}", "settings")
        for key, value in given.items():
            message = f"the platform {name} has no settings.{key}: {', '.join(self.settings)}"
            require(key in self.settings, message, "settings", key)
            message = f"settings.{key} = {value} must be {self.settings[key]}"
            require(self.settings[key].allows(value), message, "settings", key)
        defaults = {key: setting.default for key, setting in self.settings.items()}
        return {**{key: value for key, value in defaults.items() if value is not None}, **given}


@functools.cache
def platform_names() -> tuple[str, ...]:
    """Folders of `firmware_templates/platforms` that are a chip family, sorted."""
    return tuple(
        sorted(path.parent.name for path in (firmware_templates() / "platforms").glob("*/platform.toml"))
    )


@functools.cache
def load_platform(name: str) -> Platform:
    """Read the chip family `name`, one of `platform_names`."""
    return load_table(firmware_templates() / "platforms" / name / "platform.toml", Platform, "platform")
