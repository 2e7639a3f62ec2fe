"""How far the integer front end is from the same definitions in float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sertool.frontend import spectrum
from sertool.frontend.library import Frontend
from sertool.frontend.spec import FrontendSpec

_STEPS_PER_OCTAVE = 64
_SMALLEST = 2.0**-24


def reference(pcm: NDArray[np.int16], spec: FrontendSpec) -> Mapping[str, NDArray[np.float64]]:
    """Every kind that `spec` computes, (frames, size), in float64 and real units.

    With them what they are made from: `pcm` (frames, frame_length), full scale 1, and `power` (frames, bins).
    """
    frames = spec.frames(pcm)
    heard = {"pcm": frames, "power": spectrum.power(spec, frames)}
    for kind in spec.computed:
        heard[kind.name] = kind.real(spec, spec.sizes, heard)
    return heard


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


def compared(spec: FrontendSpec) -> dict[str, Differences]:
    """Make room for the differences of every kind of `spec` that can be compared, by name."""
    return {kind.name: Differences() for kind in spec.computed if kind.parity}


def compare(frontend: Frontend, pcm: NDArray[np.int16], found: Mapping[str, Differences]) -> None:
    """Add one clip's differences to those that `compared` made."""
    spec = frontend.spec
    ours, theirs = frontend.real_units(pcm), reference(pcm, spec)
    for kind in spec.computed:
        if kind.parity:
            found[kind.name].add(*kind.parity.pairs(spec, ours, theirs))
