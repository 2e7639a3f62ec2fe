"""Where sertool finds what it ships (templates, targets, ...) and where it keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.exists() else _PACKAGE.parents[1] / name


def firmware_templates() -> Path:
    """Folder of the C runtime and the Jinja templates, in an installed wheel or a checkout."""
    return _shipped("firmware_templates")


def licence() -> Path:
    """The licence of sertool and of all C that it renders."""
    return _shipped("LICENSE")


def builtin_targets() -> Path:
    """Folder of the board descriptions that ship with sertool."""
    return _shipped("targets")


def builtin_checkpoints() -> Path:
    """Folder of the built networks that ship with sertool."""
    return _shipped("checkpoints")


def cache_folder(room: str) -> Path:
    """Folder for results that can be made again: `SERTOOL_CACHE`, else the XDG cache folder."""
    base = os.environ.get("SERTOOL_CACHE")
    if base:
        return Path(base) / room
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sertool" / room
