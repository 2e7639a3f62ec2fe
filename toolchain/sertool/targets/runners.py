"""Tools that write flash, as far as a board's file speaks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sertool.targets.memory import require

#: Each is a file of `device/runners`; what a board's file must tell it.
RUNNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "st-flash": (),
        "openocd": ("interface", "target"),
        "pyocd": ("target",),
        "cubeprogrammer": (),
        "dfu-util": (),
    }
)

_ARGUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Runner:
    """A tool that writes flash, one of RUNNERS, and what it must be told of the board."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(self.name in RUNNERS, f"unknown runner {self.name!r}: one of {', '.join(RUNNERS)}", "name")
        wanted = RUNNERS[self.name]
        for argument in wanted:
            require(argument in self.arguments, f"{self.name} needs arguments.{argument}", "arguments")
        for argument, value in self.arguments.items():
            message = f"{self.name} has no arguments.{argument}: {', '.join(wanted) or 'none'}"
            require(argument in wanted, message, "arguments", argument)
            message = f"arguments.{argument} = {value!r} must be letters, digits and . _ / -"
            require(_ARGUMENT.fullmatch(value) is not None, message, "arguments", argument)
