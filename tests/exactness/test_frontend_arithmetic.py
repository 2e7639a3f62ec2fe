"""Division, square and root of the front end: equal to Python's integers, wherever their forms change."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool.compilers import runtime_sources, shared_library

_PROBE = """\
#include <stddef.h>

#include "ser_divide.h"
#include "ser_dsp.h"
#include "ser_square_root.h"

void divided(const uint64_t *x, const uint32_t *by, uint64_t *out, size_t count);
void divided(const uint64_t *x, const uint32_t *by, uint64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ser_divide(x[i], by[i]);
    }
}

void floor_divided(const int64_t *x, const uint32_t *by, int64_t *out, size_t count);
void floor_divided(const int64_t *x, const uint32_t *by, int64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ser_floor_divide(x[i], by[i]);
    }
}

void squared(const int32_t *x, int64_t *out, size_t count);
void squared(const int32_t *x, int64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ser_square_value(x[i]);
    }
}

void rooted(const uint64_t *x, uint32_t *out, size_t count);
void rooted(const uint64_t *x, uint32_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ser_square_root(x[i]);
    }
}
"""
_RANDOM = np.random.default_rng(7)


def around(values: Iterable[int], low: int, high: int) -> list[int]:
    return sorted({near for value in values for near in (value - 1, value, value + 1) if low <= near <= high})


def unsigned() -> list[int]:
    """Every power of two and its neighbours, and as many bits as there may be at random."""
    some = _RANDOM.integers(0, 2**64, 3000, np.uint64) >> _RANDOM.integers(0, 64, 3000, np.uint64)
    return around([0, *(2**bit for bit in range(65))], 0, 2**64 - 1) + some.tolist()


DIVISORS = around([1, 2, 3, 1000, 2**15, 2**16, 2**31, 2**32], 1, 2**32 - 1)


#: A host's code, and that of a core without long multiplication.
CORES = {"host": (), "small core": ("-DSER_HOST=0", "-DSER_SMALL_CORE=1")}


@pytest.fixture(scope="module", params=CORES)
def library(request: pytest.FixtureRequest) -> ctypes.CDLL:
    headers = {
        name: text
        for name, text in runtime_sources("frontend").items()
        if name.endswith(("/ser_divide.h", "/ser_dsp.h", "/ser_square_root.h"))
    }
    flags = ("-O2", *CORES[request.param])
    return ctypes.CDLL(str(shared_library("frontend-arithmetic", {**headers, "probe.c": _PROBE}, flags)))


def called(function: Callable[..., object], out: np.dtype, *arguments: NDArray[np.generic]) -> list[int]:
    found = np.zeros(len(arguments[0]), out)
    places = [ctypes.c_void_p(array.ctypes.data) for array in (*arguments, found)]
    function(*places, ctypes.c_size_t(len(found)))
    return found.tolist()


def test_quotients_are_exact(library: ctypes.CDLL) -> None:
    given = np.array(unsigned(), np.uint64)
    for divisor in DIVISORS:
        found = called(library.divided, np.dtype(np.uint64), given, np.full(len(given), divisor, np.uint32))
        assert found == [value // divisor for value in given.tolist()], divisor


def test_quotients_round_down_whatever_the_sign(library: ctypes.CDLL) -> None:
    sizes = [value for value in unsigned() if value < 2**63]
    given = np.array([*sizes, *(-value for value in sizes), -(2**63)], np.int64)
    for divisor in DIVISORS:
        found = called(
            library.floor_divided, np.dtype(np.int64), given, np.full(len(given), divisor, np.uint32)
        )
        assert found == [value // divisor for value in given.tolist()], divisor


def test_square_roots_are_exact(library: ctypes.CDLL) -> None:
    roots = (
        around([0, *(2**bit for bit in range(33))], 0, 2**32 - 1) + _RANDOM.integers(0, 2**32, 3000).tolist()
    )
    given = unsigned() + around([root**2 for root in roots], 0, 2**64 - 1)
    found = called(library.rooted, np.dtype(np.uint32), np.array(given, np.uint64))
    assert found == [math.isqrt(value) for value in given]


def test_squares_are_exact(library: ctypes.CDLL) -> None:
    sizes = around([0, *(2**bit for bit in range(20))], 0, 2**19) + _RANDOM.integers(0, 2**19, 3000).tolist()
    given = [*sizes, *(-size for size in sizes)]
    found = called(library.squared, np.dtype(np.int64), np.array(given, np.int32))
    assert found == [value**2 for value in given]
