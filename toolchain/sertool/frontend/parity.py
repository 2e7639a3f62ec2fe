"""How far the integer front end is from the same definitions in float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.filters import chroma_filters, dct_matrix, hann, mel_filters
from sertool.frontend.library import Frontend
from sertool.frontend.spec import FrontendSpec

#: Log-mel cells count within this many dB of the clip's loudest; chroma in frames that have such a cell.
LOUD_DB = 60.0
#: MFCC are compared with both sides' log-mel floored here.
FLOOR_DB = -80.0

_STEPS_PER_OCTAVE = 64
_SMALLEST = 2.0**-24


def reference(pcm: NDArray[np.int16], spec: FrontendSpec) -> Mapping[str, NDArray[np.float64]]:
    """Descriptors (frames, size) of librosa's definitions in float64, real units.

    Those of `spec`, and `log_mel` wherever the mel filterbank is used; no floor but -3000 dB.
    """
    starts = range(0, len(pcm) - spec.frame_length + 1, spec.hop_length)
    frames = np.stack([pcm[start : start + spec.frame_length] for start in starts]) / 32768
    power = np.abs(np.fft.rfft(frames * hann(spec.frame_length))) ** 2
    found: dict[str, NDArray[np.float64]] = {}
    if spec.uses_mel:
        mel = power @ mel_filters(spec.sample_rate, spec.frame_length, spec.mel_bands).T
        found["log_mel"] = 10 * np.log10(np.maximum(mel, 1e-300))
    if spec.size("mfcc"):
        found["mfcc"] = found["log_mel"] @ dct_matrix(spec.size("mfcc"), spec.mel_bands).T
    if spec.size("chroma"):
        chroma = power @ chroma_filters(spec.sample_rate, spec.frame_length, spec.size("chroma")).T
        found["chroma"] = chroma / np.maximum(chroma.max(axis=1, keepdims=True), 1e-300)
    return found


@dataclass(eq=False)
class Differences:
    """Absolute differences seen so far: how many, their sum, the largest, and counts in logarithmic steps."""

    count: int = 0
    total: float = 0.0
    largest: float = 0.0
    steps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(40 * _STEPS_PER_OCTAVE, np.int64))

    def add(self, ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> None:
        """Count the differences of two arrays of one shape."""
        difference = np.abs(ours - theirs).ravel()
        if difference.size:
            self.count += difference.size
            self.total += float(difference.sum())
            self.largest = max(self.largest, float(difference.max()))
            step = np.log2(np.maximum(difference, _SMALLEST) / _SMALLEST) * _STEPS_PER_OCTAVE
            self.steps += np.bincount(
                np.minimum(step.astype(int), len(self.steps) - 1), minlength=len(self.steps)
            )

    def __iadd__(self, other: Differences) -> Differences:
        self.count += other.count
        self.total += other.total
        self.largest = max(self.largest, other.largest)
        self.steps += other.steps
        return self

    @property
    def mean(self) -> float:
        """Mean absolute difference."""
        return self.total / max(self.count, 1)

    def quantile(self, part: float) -> float:
        """Upper bound, 1.1 % above at most, of the quantile `part`."""
        step = int(np.searchsorted(np.cumsum(self.steps), part * self.count))
        return float(min(self.largest, _SMALLEST * 2 ** ((step + 1) / _STEPS_PER_OCTAVE)))

    def to_dict(self) -> dict[str, float]:
        """Return count, mean, 99.9th percentile and maximum."""
        return {
            "count": self.count,
            "mean": self.mean,
            "p99.9": self.quantile(0.999),
            "max": self.largest,
        }


def compare(frontend: Frontend, pcm: NDArray[np.int16], found: Mapping[str, Differences]) -> None:
    """Add one clip's differences of `log_mel`, `mfcc` and `chroma`, all of which `frontend` has."""
    ours, theirs = frontend.real_units(pcm), reference(pcm, frontend.spec)
    loud = theirs["log_mel"] > theirs["log_mel"].max() - LOUD_DB
    found["log_mel"].add(ours["log_mel"][loud], theirs["log_mel"][loud])
    frames = loud.any(axis=1)
    found["chroma"].add(ours["chroma"][frames], theirs["chroma"][frames])
    # The chip's MFCC have no such floor: what it would change in them is added by the exact transform.
    transform = dct_matrix(frontend.spec.size("mfcc"), frontend.spec.mel_bands).T
    raised = np.maximum(ours["log_mel"], FLOOR_DB) - ours["log_mel"]
    found["mfcc"].add(ours["mfcc"] + raised @ transform, np.maximum(theirs["log_mel"], FLOOR_DB) @ transform)
