"""Boards as data: one TOML file a board, checked as it is loaded."""

from sertool.targets.loading import check, is_file, load, names
from sertool.targets.memory import MemoryLayout, Region
from sertool.targets.runners import Runner
from sertool.targets.target import Core, Qemu, Serial, Target

__all__ = [
    "Core",
    "MemoryLayout",
    "Qemu",
    "Region",
    "Runner",
    "Serial",
    "Target",
    "check",
    "is_file",
    "load",
    "names",
]
