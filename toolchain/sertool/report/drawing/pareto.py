"""Accuracy against bytes: numbered marks with whiskers on a logarithmic axis, the front as steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sertool.report.tradeoff import Tradeoff, TradeoffPoint

#: Height of the plot in pixels, and the radii of marks, by instructions where those are known.
HEIGHT = 360
_RADII = (9.0, 16.0)
#: What a mark takes: of the width, in per cent, and of the height, in pixels.
_SPACING, _TALL = 2.4, 19.0
_FAMILIES = 6


@dataclass(frozen=True)
class Mark:
    """A point of the plot: x in per cent, y and whisker ends in pixels, `family` 1 ... 6 for its colour."""

    number: int
    point: TradeoffPoint
    x: float
    y: float
    low: float
    high: float
    radius: float
    family: int


@dataclass(frozen=True)
class Tick:
    """A line of the grid and what stands beside it."""

    place: float
    label: str


@dataclass(frozen=True)
class Plot:
    """Everything that the template draws. `families` are the methods of each colour, in order."""

    marks: tuple[Mark, ...]
    steps: str
    sizes: tuple[Tick, ...]
    accuracies: tuple[Tick, ...]
    families: tuple[tuple[str, ...], ...]


def plot(tradeoff: Tradeoff) -> Plot:
    """Place the points; the same number stands in the table.

    The steps of the front are a path of a box 100 wide and HEIGHT high.
    """
    points = tradeoff.points
    methods = tuple(dict.fromkeys(point.method for point in points))
    families = tuple(methods[index::_FAMILIES] for index in range(min(_FAMILIES, len(methods))))
    bottom, top = _span(points)
    sizes = [math.log2(point.bytes) for point in points]
    left, right = min(sizes) - 0.15, max(sizes) + 0.15

    def x(size: float) -> float:
        return 4 + 92 * (math.log2(size) - left) / (right - left)

    def y(accuracy: float) -> float:
        return HEIGHT - HEIGHT * (accuracy - bottom) / (top - bottom)

    heights = [y(point.accuracy.mean) for point in points]
    places = _apart([x(point.bytes) for point in points], heights)
    largest = max((point.instructions or 0 for point in points), default=0)
    marks = tuple(
        Mark(
            number,
            point,
            place,
            height,
            y(max(point.accuracy.low, bottom)),
            y(min(point.accuracy.high, top)),
            _radius(point.instructions, largest),
            1 + methods.index(point.method) % _FAMILIES,
        )
        for number, (point, place, height) in enumerate(zip(points, places, heights, strict=True), 1)
    )
    accuracies = tuple(Tick(y(value / 100), f"{value}") for value in _rungs(100 * bottom, 100 * top))
    return Plot(marks, _steps(marks), _sizes(points, x), accuracies, families)


def _span(points: Sequence[TradeoffPoint]) -> tuple[float, float]:
    """The accuracies shown: means with room, and whiskers as far as they do not squeeze the means."""
    means = [point.accuracy.mean for point in points]
    spread = max(max(means) - min(means), 0.02)
    low = min(min(means) - 0.15 * spread, max(min(p.accuracy.low for p in points), min(means) - 0.6 * spread))
    high = max(max(means) + 0.15 * spread, min(max(p.accuracy.high for p in points), max(means) + 0.6 * spread))
    return max(0.0, low), min(1.02, high)


def _apart(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Move marks that would cover each other sideways, each as little as it takes, the larger sizes first."""
    moved: dict[int, float] = {}
    for index in sorted(range(len(places)), key=lambda index: (-places[index], heights[index])):
        near = [moved[other] for other in moved if abs(heights[other] - heights[index]) < _TALL]
        offsets = sorted((_SPACING * step for step in range(-len(places), len(places) + 1)), key=abs)
        free = (place for offset in offsets if _clear(place := places[index] + offset, near))
        moved[index] = next(free)
    return [moved[index] for index in range(len(places))]


def _clear(place: float, others: Sequence[float]) -> bool:
    return all(abs(place - other) > 0.99 * _SPACING for other in others)


def _radius(instructions: int | None, largest: int) -> float:
    low, high = _RADII
    return low if not instructions else low + (high - low) * math.sqrt(instructions / largest)


def _steps(marks: Sequence[Mark]) -> str:
    """The front from small to large, by bytes and accuracy, as the corners of a staircase."""
    corners: list[str] = []
    best = math.inf
    for mark in sorted(marks, key=lambda mark: (mark.point.bytes, mark.y)):
        if mark.y < best:
            corners.append(f"H{mark.x:.2f} V{mark.y:.1f}" if corners else f"M{mark.x:.2f} {mark.y:.1f}")
            best = mark.y
    return " ".join(corners)


def _rungs(low: float, high: float) -> list[int]:
    step = next(step for step in (1, 2, 5, 10, 20) if (high - low) / step <= 8)
    return [value for value in range(0, 101, step) if low <= value <= high]


def _sizes(points: Sequence[TradeoffPoint], x: Callable[[float], float]) -> tuple[Tick, ...]:
    smallest, largest = min(point.bytes for point in points), max(point.bytes for point in points)
    kibibytes = [2.0**power for power in range(-3, 14)]
    if largest < 8 * smallest:
        kibibytes = sorted({*kibibytes, *(1.5 * value for value in kibibytes)})
    shown = [value for value in kibibytes if 0 <= x(1024 * value) <= 100]
    return tuple(Tick(x(1024 * value), f"{value:g}") for value in shown)
