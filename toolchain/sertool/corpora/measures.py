"""What one clip's audio says about its recording: level, clipping, silence at both ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.contents import Content, content_of
from sertool.corpora.recording import decode

CLIPPED = 3
"""Samples at full scale from which a clip counts as clipped; a peak-normalised one has one or two."""
SILENT_BELOW = 40.0
"""A block this many dB below the clip's loudest is silent."""

_BLOCKS_PER_SECOND = 100
_FULL_SCALE = {"int16": 2.0**15, "int32": 2.0**31, "float64": 1.0}


@dataclass(frozen=True)
class Measures:
    """Of one clip. peak: 0 to 1; leading, trailing: silence in seconds.

    full_scale: samples at the format's limits; run: the most of them in a row, which conversion from another
    rate breaks up.
    """

    content: Content
    channels_equal: bool
    peak: float
    full_scale: int
    run: int
    leading: float
    trailing: float


def measure(path: Path) -> Measures:
    """Decode and measure one file. Raises SertoolError as `decode` does."""
    recording = decode(path)
    samples = recording.samples.astype(np.float64) / _FULL_SCALE[recording.samples.dtype.name]
    # The largest value of an integer format lies one step below 1.0.
    limit = np.abs(samples) >= (1.0 if recording.samples.dtype == np.float64 else 1.0 - 2.0**-15)
    leading, trailing = _silence(samples.mean(axis=1), recording.sample_rate)
    return Measures(
        content=content_of(recording),
        channels_equal=recording.channels_equal,
        peak=float(np.abs(samples).max()),
        full_scale=int(limit.any(axis=1).sum()),
        run=max(_longest_run(channel) for channel in limit.T),
        leading=leading,
        trailing=trailing,
    )


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _silence(mono: NDArray[np.float64], rate: int) -> tuple[float, float]:
    """Seconds of silence before and after; the whole clip's length for both where nothing sounds."""
    size = max(1, rate // _BLOCKS_PER_SECOND)
    blocks = np.pad(mono, (0, -len(mono) % size)).reshape(-1, size)
    power = (blocks * blocks).mean(axis=1)
    sounding = np.flatnonzero(power > power.max() * 10 ** (-SILENT_BELOW / 10))
    if not len(sounding):
        return len(mono) / rate, len(mono) / rate
    last = min(len(mono), (int(sounding[-1]) + 1) * size)
    return float(sounding[0]) * size / rate, (len(mono) - last) / rate
