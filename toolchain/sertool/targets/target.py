"""A board as a frozen dataclass, field for field what its TOML file says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from sertool.cores import CORES
from sertool.targets.memory import MemoryLayout, require
from sertool.targets.platforms import Platform, Word, load_platform, platform_names
from sertool.targets.runners import Runner
from sertool.targets.wiring import Wiring, wire

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Core:
    """The core: GCC's name for it and its clock in Hz."""

    cpu: str
    clock_hz: int

    def __post_init__(self) -> None:
        require(self.cpu in CORES, f"unknown cpu {self.cpu!r}: one of {', '.join(CORES)}", "cpu")
        require(
            1 <= self.clock_hz <= 1_000_000_000,
            f"clock_hz = {self.clock_hz} must be 1 to 1000000000",
            "clock_hz",
        )

    @property
    def moves_vectors(self) -> bool:
        """Whether it has a register for where its vectors are (VTOR)."""
        return CORES[self.cpu].moves_vectors

    @property
    def flags(self) -> tuple[str, ...]:
        """GCC's flags for this core."""
        return CORES[self.cpu].flags


@dataclass(frozen=True)
class Serial:
    """The serial line: bits a second, and for people where it comes out."""

    baud: int
    description: str


@dataclass(frozen=True)
class Qemu:
    """The machine of `qemu-system-arm` that runs the board's images, serial line on its first `-serial`."""

    machine: str


@dataclass(frozen=True)
class Target:
    """A board. `settings` are those that its platform has (`platform.toml`); `qemu` is None without one.

    Raises WrongValue for what no chip of the platform is or does: another core, clock, memory or speed of the
    serial line.
    """

    name: str
    title: str
    platform: str
    core: Core
    memory: MemoryLayout
    serial: Serial
    aliases: tuple[str, ...] = ()
    settings: Mapping[str, Word] = field(default_factory=dict)
    qemu: Qemu | None = None
    runners: tuple[Runner, ...] = ()

    def __post_init__(self) -> None:
        names = (("name", self.name), *(("aliases", alias) for alias in self.aliases))
        for key, name in names:
            message = f"name {name!r} must be lower-case letters, digits and hyphens"
            require(_NAME.fullmatch(name) is not None, message, key)
        known = platform_names()
        message = f"unknown platform {self.platform!r}: one of {', '.join(known)}"
        require(self.platform in known, message, "platform")
        self._family.check(self.platform, self.core.cpu, self.core.clock_hz, self.memory)
        _ = self.wiring
        runners = [runner.name for runner in self.runners]
        require(len(set(runners)) == len(runners), "two runners have the same name", "runners")

    @property
    def wiring(self) -> Wiring:
        """Its clocks, and the registers that its C sets."""
        settings = self._family.complete(self.platform, self.settings)
        wired = wire(self._family, self.core.clock_hz, self.serial.baud, settings)
        kept = self.memory.kept
        macros = self._family.kept_macros(self.core.cpu, kept) if kept else {}
        return replace(wired, macros={**wired.macros, **macros})

    @property
    def _family(self) -> Platform:
        return load_platform(self.platform)

    def to_dict(self) -> dict[str, object]:
        """The board as plain values, as its TOML file has them."""
        plain = asdict(self)
        if self.memory.kept is None:
            # What says that two boards are the same must not change for those that keep nothing.
            del plain["memory"]["kept"]
        return plain
