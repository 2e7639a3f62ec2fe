"""What this machine has of what sertool uses, what is missing, and how to get it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sertool.compilers import CROSS_PREFIX, compiler_version, host_compiler
from sertool.device.runners import RUNNERS
from sertool.errors import SertoolError
from sertool.locations import builtin_targets, cache_folder, firmware_templates


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for: `found` says what is there, `remedy` how to get what is not."""

    name: str
    present: bool
    required: bool
    found: str
    remedy: str

    def to_dict(self) -> dict[str, object]:
        """The finding as plain values."""
        return asdict(self)


_EXTRAS = {
    "train": ("tensorflow", "tf-keras", "tensorflow-model-optimization", "librosa", "scikit-learn"),
    "verify": ("tflite-micro", "tflite-runtime" if sys.version_info < (3, 12) else "ai-edge-litert", "unicorn"),
}
_QEMU = "qemu-system-arm"


def examine() -> list[Finding]:
    """Look for everything that sertool uses; `required` marks what `sertool build` needs."""
    return [*_python(), *_tools(), *_folders()]


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding(
        "python",
        (3, 11) <= sys.version_info[:2] < (3, 13),
        True,
        version,
        "install Python 3.11 or 3.12 (apt-get install python3 python3-venv)",
    )
    for extra, packages in _EXTRAS.items():
        for package in packages:
            try:
                found, present = importlib.metadata.version(package), True
            except importlib.metadata.PackageNotFoundError:
                found, present = "not installed", False
            yield Finding(package, present, True, found, f"pip install 'sertool[{extra}]'")


def _tools() -> Iterator[Finding]:
    yield _probe("host C compiler", lambda: compiler_version(host_compiler()), True, "apt-get install gcc")
    yield _probe(
        "cross-compiler",
        lambda: _version(f"{CROSS_PREFIX}gcc"),
        True,
        "apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi",
    )
    yield _probe("make", lambda: _version("make"), True, "apt-get install make")
    yield _probe("QEMU", lambda: _version(_QEMU), True, f"apt-get install {_QEMU}")
    yield _probe(
        "CMake",
        lambda: _version("cmake"),
        False,
        "apt-get install cmake (only for firmware projects built with CMake)",
    )
    flashers = [runner.name for runner in RUNNERS.values() if shutil.which(runner.program)]
    yield Finding(
        "flash tool",
        bool(flashers),
        False,
        ", ".join(flashers) or "none",
        "apt-get install stlink-tools or openocd (only to flash a board)",
    )


def _folders() -> Iterator[Finding]:
    for name, path in (("firmware templates", firmware_templates()), ("targets", builtin_targets())):
        yield Finding(name, path.is_dir(), True, str(path), "install sertool again: its data files are missing")
    cache = cache_folder("")
    yield Finding(
        "cache", _writable(cache), True, str(cache), "set SERTOOL_CACHE to a folder that you may write"
    )
    corpora = os.environ.get("SERTOOL_CORPORA", "")
    yield Finding(
        "recordings",
        Path(corpora).is_dir() if corpora else False,
        False,
        corpora or "SERTOOL_CORPORA is not set",
        "set SERTOOL_CORPORA to the folder that holds your corpora; without it builds use synthetic speech",
    )


def _probe(name: str, ask: Callable[[], str], required: bool, remedy: str) -> Finding:
    try:
        return Finding(name, True, required, ask(), remedy)
    except (SertoolError, OSError, subprocess.SubprocessError):
        return Finding(name, False, required, "not found", remedy)


def _version(tool: str) -> str:
    done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.split("\n")[0]


def _writable(folder: Path) -> bool:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)
