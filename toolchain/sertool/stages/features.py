"""What the front end makes of sound: of audio files, and of the one golden sound by which it is recognized."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.corpora import READING, read_pcm
from sertool.digests import code_digest
from sertool.errors import SertoolError
from sertool.firmware.golden import golden_sound
from sertool.frontend import Frontend, FrontendSpec, extract


def features_of(paths: Sequence[Path], spec: FrontendSpec) -> NDArray[np.int32]:
    """Raw features, int32 (files, features), of audio files; cached by content.

    Raises SertoolError, naming the file, for one that cannot be read or holds no whole frame.
    """
    read = functools.partial(_samples, sample_rate=spec.sample_rate)
    return extract(paths, spec, read=read, reading=code_digest(READING)[:16])


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


def _samples(path: Path, sample_rate: int) -> NDArray[np.int16]:
    return read_pcm(path, sample_rate).samples
