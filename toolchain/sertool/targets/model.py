"""A board as a frozen dataclass, field for field what its TOML file says."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sertool.plain_values import WrongValue
from sertool.targets.cores import CORES
from sertool.targets.memory import MemoryLayout, require
from sertool.targets.platforms import Platform, Word, load_platform, platform_names
from sertool.targets.wiring import Wiring, wire

#: What a runner's command may mention: the image's files, flash's first address, the serial port.
PLACEHOLDERS = ("elf", "hex", "bin", "flash", "port")

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
        """Whether it has a register for where its vectors are (VTOR); ARMv6-M reserves it on the Cortex-M0."""
        return self.cpu != "cortex-m0"

    @property
    def flags(self) -> tuple[str, ...]:
        """GCC's flags for this core."""
        return CORES[self.cpu]


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
class Runner:
    """A tool that writes flash: its command with {elf}, {hex}, {bin}, {flash}, {port}; how to install it."""

    name: str
    command: tuple[str, ...]
    install: str

    def __post_init__(self) -> None:
        require(len(self.command) > 0, "command is empty", "command")
        for word in self.command:
            try:
                used = [name for _, name, _, _ in string.Formatter().parse(word) if name is not None]
            except ValueError as error:
                raise WrongValue(f"command: {word!r}: {error}", "command") from error
            for name in used:
                message = f"command: unknown {{{name}}}: one of {', '.join(PLACEHOLDERS)}"
                require(name in PLACEHOLDERS, message, "command")

    @property
    def needs_port(self) -> bool:
        """Whether the command mentions the serial port."""
        return any("{port}" in word for word in self.command)

    def words(self, **values: str) -> tuple[str, ...]:
        """The command with its placeholders replaced."""
        return tuple(word.format(**values) for word in self.command)


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
        return wire(self._family, self.core.clock_hz, self.serial.baud, settings)

    @property
    def _family(self) -> Platform:
        return load_platform(self.platform)

    def to_dict(self) -> dict[str, object]:
        """The board as plain values, as its TOML file has them."""
        return asdict(self)
