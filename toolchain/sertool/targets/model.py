"""A board as a frozen dataclass, field for field what its TOML file says."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sertool.plain_values import WrongValue
from sertool.targets.families import CORES, PLATFORMS

#: What a runner's command may mention: the image's files, flash's first address, the serial port.
PLACEHOLDERS = ("elf", "hex", "bin", "flash", "port")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SMALLEST_STACK = 512


def _require(holds: bool, message: str, *keys: str) -> None:
    if not holds:
        raise WrongValue(message, *keys)


@dataclass(frozen=True)
class Core:
    """The core: GCC's name for it and its clock in Hz."""

    cpu: str
    clock_hz: int

    def __post_init__(self) -> None:
        _require(self.cpu in CORES, f"unknown cpu {self.cpu!r}: one of {', '.join(CORES)}", "cpu")
        _require(
            1 <= self.clock_hz <= 1_000_000_000,
            f"clock_hz = {self.clock_hz} must be 1 to 1000000000",
            "clock_hz",
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """GCC's flags for this core."""
        return CORES[self.cpu]


@dataclass(frozen=True)
class Region:
    """Memory from address `origin`, `length` bytes."""

    origin: int
    length: int

    def __post_init__(self) -> None:
        _require(self.length > 0, f"length = {self.length} must be positive", "length")
        _require(
            self.origin >= 0 and self.origin + self.length <= 2**32,
            "origin and length must stay within 32-bit addresses",
            "origin",
        )
        # A Cortex-M vector table of 16 entries stands at a multiple of 128.
        _require(self.origin % 128 == 0, f"origin = {self.origin:#x} must be a multiple of 128", "origin")

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.origin + self.length


@dataclass(frozen=True)
class MemoryLayout:
    """Flash, RAM, and how many bytes of RAM the stack gets."""

    flash: Region
    ram: Region
    stack: int

    def __post_init__(self) -> None:
        apart = self.flash.end <= self.ram.origin or self.ram.end <= self.flash.origin
        _require(apart, "flash and ram overlap", "ram")
        _require(self.stack % 8 == 0, f"stack = {self.stack} must be a multiple of 8", "stack")
        _require(
            _SMALLEST_STACK <= self.stack < self.ram.length,
            f"stack = {self.stack} must be {_SMALLEST_STACK} or more, and less than ram's {self.ram.length}",
            "stack",
        )


@dataclass(frozen=True)
class Serial:
    """The serial line: bits a second, and for people where it comes out."""

    baud: int
    description: str

    def __post_init__(self) -> None:
        _require(9600 <= self.baud <= 4_000_000, f"baud = {self.baud} must be 9600 to 4000000", "baud")


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
        _require(len(self.command) > 0, "command is empty", "command")
        for word in self.command:
            try:
                used = [name for _, name, _, _ in string.Formatter().parse(word) if name is not None]
            except ValueError as error:
                raise WrongValue(f"command: {word!r}: {error}", "command") from error
            for name in used:
                message = f"command: unknown {{{name}}}: one of {', '.join(PLACEHOLDERS)}"
                _require(name in PLACEHOLDERS, message, "command")

    @property
    def needs_port(self) -> bool:
        """Whether the command mentions the serial port."""
        return any("{port}" in word for word in self.command)

    def words(self, **values: str) -> tuple[str, ...]:
        """The command with its placeholders replaced."""
        return tuple(word.format(**values) for word in self.command)


@dataclass(frozen=True)
class Target:
    """A board. `settings` are what the platform's C reads as SER_BOARD_ macros; `qemu` is None without one."""

    name: str
    title: str
    platform: str
    core: Core
    memory: MemoryLayout
    serial: Serial
    aliases: tuple[str, ...] = ()
    settings: Mapping[str, int] = field(default_factory=dict)
    qemu: Qemu | None = None
    runners: tuple[Runner, ...] = ()

    def __post_init__(self) -> None:
        names = (("name", self.name), *(("aliases", alias) for alias in self.aliases))
        for key, name in names:
            message = f"name {name!r} must be lower-case letters, digits and hyphens"
            _require(_NAME.fullmatch(name) is not None, message, key)
        message = f"unknown platform {self.platform!r}: one of {', '.join(PLATFORMS)}"
        _require(self.platform in PLATFORMS, message, "platform")
        self._check_settings(PLATFORMS[self.platform])
        runners = [runner.name for runner in self.runners]
        _require(len(set(runners)) == len(runners), "two runners have the same name", "runners")

    def _check_settings(self, wanted: tuple[str, ...]) -> None:
        for setting in wanted:
            message = f"the platform {self.platform} needs settings.{setting}"
            _require(setting in self.settings, message, "settings")
        for setting, value in self.settings.items():
            message = f"the platform {self.platform} has no settings.{setting}: {', '.join(wanted)}"
            _require(setting in wanted, message, "settings", setting)
            message = f"settings.{setting} = {value} must be an unsigned 32-bit integer"
            _require(0 <= value < 2**32, message, "settings", setting)

    def to_dict(self) -> dict[str, object]:
        """The board as plain values, as its TOML file has them."""
        return asdict(self)
