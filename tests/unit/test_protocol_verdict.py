"""What the host makes of what an image found of itself."""

from __future__ import annotations

import random
import zlib

from sertool.device.verdict import BLOCK, Verdict, damaged_blocks, sealed_crc32

SEALED = zlib.crc32(b"flashed")


def test_the_crc_of_a_sealed_image_follows_from_its_seal() -> None:
    assert sealed_crc32(SEALED) == zlib.crc32(b"flashed" + b"ser\0" + SEALED.to_bytes(4, "little"))


def test_no_failure_and_a_right_crc_pass() -> None:
    assert Verdict(0, sealed_crc32(SEALED), SEALED).passed
    assert Verdict(0, sealed_crc32(SEALED), SEALED).stages() == ()


def test_a_device_that_thinks_well_of_a_damaged_image_is_not_believed() -> None:
    found = Verdict(0, sealed_crc32(SEALED) ^ 1, SEALED)
    assert not found.passed
    assert found.stages() == ("image",)


def test_stages_are_named() -> None:
    assert Verdict(1, 0, 0).stages() == ("unsealed",)
    assert Verdict(0b111_1110, 0, 0).stages() == (
        "image", "features", "standardization", "result", "layer 0", "layer 1",
    )  # fmt: skip
    assert Verdict(1 << 31, 0, 0).stages() == ("layer 26",)


def test_damaged_blocks_are_found_and_neighbours_are_one_range() -> None:
    image = random.Random(0).randbytes(4 * BLOCK + 100)
    crcs = [zlib.crc32(image[at : at + BLOCK]) for at in range(0, len(image), BLOCK)]
    assert damaged_blocks(image, crcs, 0x0800_0000) == []
    for block in (1, 2, 4):
        crcs[block] ^= 1
    assert damaged_blocks(image, crcs, 0x0800_0000) == [
        (0x0800_0400, 0x0800_0BFF),
        (0x0800_1000, 0x0800_1063),
    ]
