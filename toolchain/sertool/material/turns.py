"""In which order a device hears somebody's clips."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.corpora import Clip


def turns(clips: Sequence[Clip], seed: int) -> dict[str, NDArray[np.int64]]:
    """Indices of each speaker's clips, in an order that the seed draws, whoever else speaks."""
    order = {}
    for speaker in sorted({clip.speaker for clip in clips}):
        random = np.random.Generator(np.random.PCG64([seed, zlib.crc32(speaker.encode())]))
        order[speaker] = random.permutation([row for row, clip in enumerate(clips) if clip.speaker == speaker])
    return order
