"""The CRC-32 of frames and images is zlib's, wherever bytes lie, however many they are, in whatever pieces."""

from __future__ import annotations

import ctypes
import zlib

import numpy as np
import pytest

from sertool.compilers import shared_library
from sertool.locations import firmware_templates

#: The bytes that the loop takes in a turn, and more than two turns of it.
TURN, LONGEST = 16, 3 * 16 + 5
BYTES = np.random.default_rng(0).integers(0, 256, 70_000).astype(np.uint8).tobytes()


@pytest.fixture(scope="module", params=["-Os", "-O3"])
def library(request: pytest.FixtureRequest) -> ctypes.CDLL:
    device = firmware_templates() / "runtime" / "device"
    sources = {name: (device / name).read_text() for name in ("ser_crc32.c", "ser_crc32.h")}
    found = ctypes.CDLL(str(shared_library("crc32", sources, (request.param,))))
    found.ser_crc32.argtypes = (ctypes.c_uint32, ctypes.c_void_p, ctypes.c_size_t)
    found.ser_crc32.restype = ctypes.c_uint32
    return found


def crc32(library: ctypes.CDLL, crc: int, begin: int, end: int) -> int:
    """Continue `crc` over BYTES[begin:end], which lie `begin` bytes behind an aligned address."""
    held = (ctypes.c_uint64 * (end // 8 + 1)).from_buffer_copy(BYTES[: (end // 8 + 1) * 8])
    return int(library.ser_crc32(crc, ctypes.addressof(held) + begin, end - begin))


def test_every_length_at_every_alignment(library: ctypes.CDLL) -> None:
    for begin in range(8):
        for end in range(begin, begin + LONGEST):
            assert crc32(library, 0, begin, end) == zlib.crc32(BYTES[begin:end]), (begin, end)
    assert crc32(library, 0, 3, len(BYTES) - 8) == zlib.crc32(BYTES[3:-8])


def test_pieces_give_the_crc_of_the_whole(library: ctypes.CDLL) -> None:
    for middle in range(LONGEST):
        first = crc32(library, 0, 0, middle)
        assert crc32(library, first, middle, LONGEST + TURN) == zlib.crc32(BYTES[: LONGEST + TURN]), middle
