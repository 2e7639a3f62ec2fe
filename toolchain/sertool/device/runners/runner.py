"""What a tool that writes flash is: its command, what it can do, and what its output says of a failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Job:
    """What is to be written where: paths of the image's files, flash's first address, what the target's file
    says to this runner; the serial port and the probe, where they are named.
    """

    elf: str
    hex: str
    bin: str
    flash: int
    arguments: Mapping[str, str] = field(default_factory=dict)
    port: str | None = None
    probe: str | None = None


@dataclass(frozen=True)
class Abilities:
    """Which file it writes; whether it can be told a probe, writes over the serial port, reads back what it
    wrote, and starts the image afterwards.
    """

    writes: str
    chooses_probe: bool = False
    needs_port: bool = False
    verifies: bool = False
    resets: bool = False


@dataclass(frozen=True)
class Runner:
    """A tool: `program` on the path, `install` how to get it, `arguments` what a target's file must say for it.

    `unusable` and `failures` are patterns of its output, each within a line. The first say that nothing was
    written because there is no probe or no choosing between several, so that another runner may be tried; the
    second that writing failed, whatever its status says.
    """

    name: str
    program: str
    install: str
    abilities: Abilities
    command: Callable[[Job], tuple[str, ...]]
    arguments: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    def complaint(self, patterns: tuple[str, ...], output: str) -> str | None:
        """The first line of `output` that one of the patterns is in; colours are no part of it."""
        for line in _COLOURS.sub("", output).replace("\r", "\n").split("\n"):
            if any(re.search(pattern, line, re.IGNORECASE) for pattern in patterns):
                return line.strip()
        return None
