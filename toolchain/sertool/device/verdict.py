"""What an image found of itself, and the host's own arithmetic on it: `enum ser_stage` in `ser_device.h`."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

#: Stages before the layers, by the bit that says that they failed.
_STAGES = ("unsealed", "image", "features", "standardization", "result")

#: Bytes of a block whose CRC-32 the reply to SELFTEST has.
BLOCK = 1024


@dataclass(frozen=True)
class Verdict:
    """Bits of the stages that failed; CRC-32 of all that was flashed, as the device computed it, and the one
    that the image's seal says of all before the seal.
    """

    failed: int
    image: int
    seal: int

    @property
    def passed(self) -> bool:
        """Whether no stage failed and the image's CRC-32 is what follows from its seal.

        The second is computed here: damage of the image may bend what the device thinks of itself, not this.
        """
        return self.failed == 0 and self.image == sealed_crc32(self.seal)

    def stages(self) -> tuple[str, ...]:
        """Names of the stages that failed; a CRC-32 that contradicts the seal is the image's failure."""
        names = [name for bit, name in enumerate(_STAGES) if self.failed >> bit & 1]
        layers = [bit - len(_STAGES) for bit in range(len(_STAGES), 32) if self.failed >> bit & 1]
        if not self.failed and not self.passed:
            names.append("image")
        return (*names, *(f"layer {layer}" for layer in layers))


def sealed_crc32(seal: int) -> int:
    """CRC-32 of an image whose seal says `seal`: of what stands before the seal and the seal itself."""
    return zlib.crc32(b"ser\0" + struct.pack("<I", seal), seal)


def damaged_blocks(image: bytes, crcs: Iterable[int], origin: int) -> list[tuple[int, int]]:
    """Address ranges, first and last byte, of blocks whose CRC-32 is not that of `image`, flashed at `origin`.

    Ranges that touch are one. Blocks that `image` does not have are none.
    """
    found: list[tuple[int, int]] = []
    for at, crc in zip(range(0, len(image), BLOCK), crcs, strict=False):
        block = image[at : at + BLOCK]
        if zlib.crc32(block) != crc:
            begin = found.pop()[0] if found and found[-1][1] == origin + at - 1 else origin + at
            found.append((begin, origin + at + len(block) - 1))
    return found
