"""What the front end makes of the one golden sound by which it is recognized."""

from __future__ import annotations

import functools
import zlib
from pathlib import Path

from sertool.errors import SertoolError
from sertool.firmware.golden import golden_sound
from sertool.frontend import Frontend, FrontendSpec


@functools.lru_cache(maxsize=64)
def golden_crc32(spec: FrontendSpec) -> int:
    """CRC-32 of the front end's features of the golden sound: equal for front ends that compute the same."""
    return zlib.crc32(Frontend(spec).features(golden_sound()).astype("<i4").tobytes())


def check_frontend(spec: FrontendSpec, expected: int, where: Path) -> None:
    """Raise SertoolError when this front end does not compute what the model in `where` was trained on."""
    if golden_crc32(spec) != expected:
        raise SertoolError(
            "this sertool's front end computes other features than the one that the model was trained with",
            where=where,
            hint="train again (sertool build), or use the version of sertool that made the model",
        )
