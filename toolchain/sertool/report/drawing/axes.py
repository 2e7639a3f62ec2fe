"""Axes: sizes in per cent of the width, accuracies in pixels of the height, and the lines of their grids."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sertool.report.formatting import NBSP

#: Where the smallest and the largest size stand, in per cent; the labels of accuracies are left of it.
_LEFT, _RIGHT = 10.0, 96.0
#: From so many times the smallest size on, the axis is logarithmic.
_LOGARITHMIC = 3.0
#: Least distance of two labels, in per cent: what a number takes of a phone's width.
_APART = 9.0
#: The same beside the last label, which has the unit.
_APART_FROM_UNIT = 12.0
_TICKS = 6
#: So far below the best, as a fraction, a mean is always shown.
_NEAR = 0.06


@dataclass(frozen=True)
class Tick:
    """A line of the grid, in per cent or pixels, and what stands beside it."""

    place: float
    label: str


@dataclass(frozen=True)
class Sizes:
    """A horizontal axis of bytes, logarithmic where the largest is three times the smallest or more."""

    least: int
    greatest: int

    @classmethod
    def of(cls, sizes: Iterable[int]) -> Sizes:
        """Return the axis that shows all these sizes."""
        found = tuple(sizes)
        return cls(min(found), max(found))

    @property
    def logarithmic(self) -> bool:
        """Whether equal distances are equal ratios."""
        return self.greatest >= _LOGARITHMIC * self.least

    def place(self, size: float) -> float:
        """Return where a size stands, in per cent of the width; one size alone stands in the middle."""
        if self.least == self.greatest:
            return (_LEFT + _RIGHT) / 2 + 100 * (size - self.least) / self.least
        low, value, high = (self._scaled(each) for each in (self.least, size, self.greatest))
        return _LEFT + (_RIGHT - _LEFT) * (value - low) / (high - low)

    def _scaled(self, size: float) -> float:
        return math.log2(size) if self.logarithmic else size

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The lines of the grid, labelled in KiB, the last with its unit."""
        places = sorted(self._round_sizes())
        if len(places) > 1 and self.place(places[-1]) - self.place(places[-2]) < _APART_FROM_UNIT:
            del places[-2]
        labels = [f"{size / 1024:g}" for size in places]
        labels[-1:] = [f"{label}{NBSP}KiB" for label in labels[-1:]]
        return tuple(Tick(self.place(size), label) for size, label in zip(places, labels, strict=True))

    def _round_sizes(self) -> list[float]:
        if self.logarithmic:
            powers = [2.0**power for power in range(41)]
            # Powers of two come first; what lies between them only where there is room.
            candidates = [*powers[::2], *powers[1::2], *(1.5 * power for power in powers)]
        else:
            span = self.greatest - self.least or self.least
            step = 2 ** max(0, math.ceil(math.log2(span / _TICKS)))
            first = int((self.least - span) // step)
            candidates = [float(step * count) for count in range(max(first, 0), first + 4 * _TICKS + 2)]
        kept: list[float] = []
        for size in candidates:
            if size and 2 <= self.place(size) <= 98 and all(self._clear(size, other) for other in kept):
                kept.append(size)
        return kept

    def _clear(self, one: float, other: float) -> bool:
        return abs(self.place(one) - self.place(other)) >= _APART


@dataclass(frozen=True)
class Accuracies:
    """A vertical axis of accuracies, fractions from `bottom` to `top`, in `height` pixels."""

    bottom: float
    top: float
    height: float

    @classmethod
    def of(
        cls, means: Sequence[float], ends: Sequence[tuple[float, float]], reference: float, height: float
    ) -> Accuracies:
        """Return the axis for `means` whose intervals have these `ends`, and a line at `reference`.

        Means that lie far below the others are left outside, and intervals where they would squeeze the means.
        """
        best = max(means)
        floor = best - max(_NEAR, 3 * (best - statistics.median(means)))
        low = min(max(reference, floor), *(mean for mean in means if mean >= floor))
        high = max(best, reference)
        spread = max(high - low, _NEAR)
        lowest = min(low - 0.15 * spread, max(min(end for end, _ in ends), low - 0.5 * spread))
        highest = max(high + 0.15 * spread, min(max(end for _, end in ends), high + 0.5 * spread))
        return cls(max(0.0, lowest), min(1.03, highest), height)

    def place(self, accuracy: float) -> float:
        """Return where an accuracy stands, in pixels from the top, inside the picture."""
        place = self.height * (self.top - accuracy) / (self.top - self.bottom)
        return min(max(place, 0.0), self.height)

    def share(self, accuracy: float) -> float:
        """Return where an accuracy stands on a horizontal axis of the same range, in per cent."""
        return 100 - 100 * self.place(accuracy) / self.height

    def shows(self, accuracy: float) -> bool:
        """Whether an accuracy lies inside the picture."""
        return self.bottom <= accuracy <= self.top

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The lines of the grid, labelled in per cent, the topmost with its unit."""
        low, high = 100 * self.bottom, min(100 * self.top, 100)
        step = next(step for step in (1, 2, 5, 10, 20) if (high - low) / step <= _TICKS)
        values = range(step * math.ceil(low / step), int(high) + 1, step)
        return tuple(
            Tick(self.place(value / 100), f"{value}{NBSP}%" if value == values[-1] else f"{value}")
            for value in values
        )
