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

#: What a finding may be needed for: any build, one that begins with recordings, or none.
FIRMWARE, RECORDINGS = "firmware", "recordings"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for: `found` says what is there, `remedy` how to get what is not.

    `use` is what it is for; `needed_for` is `FIRMWARE`, `RECORDINGS` or None.
    """

    name: str
    use: str
    needed_for: str | None
    present: bool
    found: str
    remedy: str

    def to_dict(self) -> dict[str, object]:
        """The finding as plain values."""
        return asdict(self)


#: Packages of each extra, and what they are for.
_EXTRAS = {
    "train": {
        "tensorflow": "training",
        "tf-keras": "training",
        "tensorflow-model-optimization": "fine-tuning at few bits",
        "threadpoolctl": "training",
        "scipy": "augmentation",
    },
    "verify": {
        "tflite-micro": "engine tflm",
        "tflite-runtime" if sys.version_info < (3, 12) else "ai-edge-litert": "engine tflite",
        "unicorn": "engine emulator, instruction counts",
    },
}
_BENCHMARKS = ("scikit-learn", "librosa")
_QEMU = "qemu-system-arm"


def examine() -> list[Finding]:
    """Look for everything that sertool uses, what firmware needs first."""
    return [*_for_firmware(), *_for_recordings(), *_for_more()]


def _for_firmware() -> Iterator[Finding]:
    yield Finding(
        "python",
        "all of sertool",
        FIRMWARE,
        (3, 11) <= sys.version_info[:2] < (3, 13),
        platform.python_version(),
        "install Python 3.11 or 3.12 (apt-get install python3 python3-venv)",
    )
    yield _probe(
        "host C compiler",
        "front end, engine host",
        FIRMWARE,
        lambda: compiler_version(host_compiler()),
        "apt-get install gcc",
    )
    yield _probe(
        "cross-compiler",
        "images",
        FIRMWARE,
        lambda: _version(f"{CROSS_PREFIX}gcc"),
        "apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi",
    )
    yield _probe("make", "images", FIRMWARE, lambda: _version("make"), "apt-get install make")
    yield _probe("QEMU", "engine board", FIRMWARE, lambda: _version(_QEMU), f"apt-get install {_QEMU}")
    for name, path in (("firmware templates", firmware_templates()), ("targets", builtin_targets())):
        again = "install sertool again: its data files are missing"
        yield Finding(name, "images", FIRMWARE, path.is_dir(), str(path), again)
    cache = cache_folder("")
    remedy = "set SERTOOL_CACHE to a folder that you may write"
    yield Finding("cache", "what is compiled once", FIRMWARE, _writable(cache), str(cache), remedy)


def _for_recordings() -> Iterator[Finding]:
    for extra, packages in _EXTRAS.items():
        for package, use in packages.items():
            yield _package(package, use, RECORDINGS, extra)


def _for_more() -> Iterator[Finding]:
    for package in _BENCHMARKS:
        yield _package(package, "benchmarks", None, "train")
    yield _probe("CMake", "firmware built with CMake", None, lambda: _version("cmake"), "apt-get install cmake")
    flashers = [runner.name for runner in RUNNERS.values() if shutil.which(runner.program)]
    yield Finding(
        "flash tool",
        "sertool flash",
        None,
        bool(flashers),
        ", ".join(flashers) or "none",
        "apt-get install stlink-tools or openocd",
    )
    corpora = os.environ.get("SERTOOL_CORPORA", "")
    yield Finding(
        "recordings",
        "corpora by their names",
        None,
        Path(corpora).is_dir() if corpora else False,
        corpora or "SERTOOL_CORPORA is not set",
        "set SERTOOL_CORPORA to the folder that holds your corpora; without it builds use synthetic speech",
    )


def _package(name: str, use: str, needed_for: str | None, extra: str) -> Finding:
    try:
        found, present = importlib.metadata.version(name), True
    except importlib.metadata.PackageNotFoundError:
        found, present = "not installed", False
    return Finding(name, use, needed_for, present, found, f"pip install 'sertool[{extra}]'")


def _probe(name: str, use: str, needed_for: str | None, ask: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, use, needed_for, True, ask(), remedy)
    except (SertoolError, OSError, subprocess.SubprocessError):
        return Finding(name, use, needed_for, False, "not found", remedy)


def _version(tool: str) -> str:
    done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.split("\n")[0]


def _writable(folder: Path) -> bool:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)
