"""The kernels under other compilers, levels of optimization and sanitizers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernel_drivers import CoreDriver, Driver, HostDriver, check
from kernel_layers import STRAINS, WIDTHS, layer, vectors
from sertool.graph import Rounding, Width

TESTS = Path(__file__).parents[1]
COMPILERS = ("gcc", "clang")


def check_all(driver: Driver) -> None:
    for width in WIDTHS:
        for shape, strain in zip(((1, 1), (6, 70), (7, 45)), STRAINS, strict=False):
            made = layer(Width.parse(width), shape, strain)
            check(driver, made, vectors(made, 5), Rounding.DOUBLE)


@pytest.mark.parametrize("level", ["-O0", "-O2", "-O3"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_host_compilers(compiler: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", compiler)
    check_all(HostDriver(flags=(level,)))


@pytest.mark.parametrize("level", ["-O0", "-Os", "-O3"])
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_cross_compiled(core: str, level: str) -> None:
    check_all(CoreDriver(core, flags=(level,)))


def sanitized(what: str) -> subprocess.CompletedProcess[str]:
    """Run `sanitized_runtime.py`; the sanitizer's library has to be loaded before Python's own."""
    library = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    environment = {
        **os.environ,
        "CC": "gcc",
        "LD_PRELOAD": library,
        "PYTHONPATH": str(TESTS),
        # Python's own memory is none of our business, and it does not give all of it back.
        "ASAN_OPTIONS": "detect_leaks=0",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.run(
        [sys.executable, str(TESTS / "sanitized_runtime.py"), what],
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("what", ["kernels", "public"])
def test_sanitizers_find_nothing(what: str) -> None:
    done = sanitized(what)
    assert done.returncode == 0, done.stderr[-4000:]


def test_the_sanitizer_is_awake() -> None:
    done = sanitized("overrun")
    assert done.returncode != 0
    assert "AddressSanitizer: heap-buffer-overflow" in done.stderr
