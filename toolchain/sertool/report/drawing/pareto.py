"""Accuracy against size: a mark a point, in the shape and colour of its method, and the front as steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sertool.report.drawing.axes import Accuracies, Sizes, Tick
from sertool.report.drawing.labels import Box, Item, Spot, spots
from sertool.report.formatting import percent
from sertool.report.tradeoff import Tradeoff, TradeoffPoint

#: Height of the plot in pixels.
HEIGHT = 380
#: From so many points on, only those of the front are numbered and keep their whiskers in sight.
MANY = 40
#: Radius of a mark where instructions are not known, and the range where they are.
_RADIUS, _RADII = 5.5, (3.5, 9.0)
_COLOURS = 6
#: Width of the float line's name in pixels.
_NAME = 72.0
#: Paths of marks of radius 1, all of about the same area.
_SHAPES = (
    "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z",
    "M-.89 -.89H.89V.89H-.89Z",
    "M0 -1.3L1.2 .8H-1.2Z",
    "M0 -1.28L1.28 0L0 1.28L-1.28 0Z",
    "M0 1.3L1.2 -.8H-1.2Z",
    "M-.42 -1.2H.42V-.42H1.2V.42H.42V1.2H-.42V.42H-1.2V-.42H-.42Z",
)


@dataclass(frozen=True)
class Style:
    """How the marks of one method look: a path of radius 1, and a colour from 1 to 6."""

    path: str
    colour: int


@dataclass(frozen=True)
class Mark:
    """A point of the plot: x in per cent for its `size` in bytes, y in pixels for its accuracy.

    `whisker` is the path of its interval, with caps where it ends inside the picture; `label` the number of the
    table's row, with the accuracy where the point lies `below` the picture, and `spot` its place, None where it
    has no room.
    """

    number: int
    point: TradeoffPoint
    size: int
    style: Style
    x: float
    y: float
    radius: float
    whisker: str
    below: bool
    label: str
    spot: Spot | None


@dataclass(frozen=True)
class Range:
    """A point's accuracy, its interval and its float network's accuracy, in per cent of a horizontal axis."""

    low: float
    mean: float
    high: float
    real: float


@dataclass(frozen=True)
class Reference:
    """The line of the best float network, in pixels; the box of its name, and at which end that is anchored."""

    place: float
    box: Box
    anchor: str


@dataclass(frozen=True)
class Plot:
    """Everything that the template draws. `ranges` are for the table's rows, in its order."""

    marks: tuple[Mark, ...]
    steps: str
    sizes: tuple[Tick, ...]
    accuracies: tuple[Tick, ...]
    reference: Reference
    ranges: tuple[Range, ...]
    styles: dict[str, Style]


def styles(methods: Sequence[str]) -> dict[str, Style]:
    """Give each method a shape and a colour; 36 of them differ, and the first six differ in both."""
    return {
        method: Style(_SHAPES[index % len(_SHAPES)], 1 + (index + index // len(_SHAPES)) % _COLOURS)
        for index, method in enumerate(dict.fromkeys(methods))
    }


def plot(tradeoff: Tradeoff, looks: dict[str, Style]) -> Plot:
    """Place the points; `looks` has the style of each method."""
    points = tradeoff.points
    across = Sizes.of(tradeoff.size(point) for point in points)
    best = max(point.float_accuracy for point in points)
    estimates = [point.accuracy for point in points]
    up = Accuracies.of([each.mean for each in estimates], [(e.low, e.high) for e in estimates], best, HEIGHT)
    places = [(across.place(tradeoff.size(point)), up.place(point.accuracy.mean)) for point in points]
    radii = _radii(points)
    items = [
        Item(Box.around(*place, radius), _label(number, point, up), not up.shows(point.accuracy.mean))
        for number, (point, place, radius) in enumerate(zip(points, places, radii, strict=True), 1)
    ]
    highest = max(point.accuracy.mean for point in points)
    reference = _reference(up, best, highest, [item.box for item in items])
    found = spots(items, _occupied(up, reference), _order(points, up), HEIGHT)
    marks = tuple(
        Mark(
            index + 1,
            point,
            tradeoff.size(point),
            looks[point.method],
            *places[index],
            radii[index],
            _whisker(point, up),
            items[index].stacked,
            items[index].text,
            found.get(index),
        )
        for index, point in enumerate(points)
    )
    used = {point.method: looks[point.method] for point in points}
    ranges = tuple(_range(point, up) for point in points)
    return Plot(marks, _steps(tradeoff, across, up), across.ticks, up.ticks, reference, ranges, used)


def _radii(points: Sequence[TradeoffPoint]) -> list[float]:
    largest = max((point.instructions or 0 for point in points), default=0)
    low, high = _RADII
    return [
        low + (high - low) * math.sqrt(point.instructions / largest) if point.instructions else _RADIUS
        for point in points
    ]


def _label(number: int, point: TradeoffPoint, up: Accuracies) -> str:
    mean = point.accuracy.mean
    return f"{number}" if up.shows(mean) else f"{number}: {percent(mean, 0)}"


def _reference(up: Accuracies, real: float, best: float, marks: Sequence[Box]) -> Reference:
    """Name the line of the best float network where neither marks nor the last of the steps are in the way."""
    line, steps = up.place(real), up.place(best)
    taken = [*marks, Box(100, -_NAME, 0, steps - 2, steps + 2)]
    places = [
        Reference(line, Box(x, left, left + _NAME, line + top, line + top + 16), anchor)
        for x, left, anchor in ((100, -_NAME, "end"), (0, 40, "start"))
        for top in (-16, 1)
    ]
    free = (place for place in places if not any(place.box.covers(other) for other in taken))
    return next(free, places[0])


def _occupied(up: Accuracies, reference: Reference) -> list[Box]:
    """What is written into the picture already: the labels of accuracies, and the name of the float line."""
    return [*(Box(0, 0, 34, tick.place - 16, tick.place) for tick in up.ticks), reference.box]


def _order(points: Sequence[TradeoffPoint], up: Accuracies) -> list[int]:
    """Who is labelled first: the front; then, where they are not too many, who lies below, and the others."""
    front = [index for index, point in enumerate(points) if point.front]
    rest = [index for index, point in enumerate(points) if not point.front]
    rest.sort(key=lambda index: up.shows(points[index].accuracy.mean))
    return front if len(points) > MANY else front + rest


def _whisker(point: TradeoffPoint, up: Accuracies) -> str:
    """The interval as a path around the mark; empty for one run, and below the picture."""
    estimate = point.accuracy
    if point.repeats == 1 or estimate.mean < up.bottom:
        return ""
    middle = up.place(estimate.mean)
    low, high = (up.place(end) - middle for end in (estimate.low, estimate.high))
    caps = [
        f"M-3 {end:.1f}h6" for end, value in ((low, estimate.low), (high, estimate.high)) if up.shows(value)
    ]
    return f"M0 {high:.1f}V{low:.1f}{''.join(caps)}"


def _range(point: TradeoffPoint, up: Accuracies) -> Range:
    estimate = point.accuracy
    return Range(
        *(up.share(value) for value in (estimate.low, estimate.mean, estimate.high, point.float_accuracy))
    )


def _steps(tradeoff: Tradeoff, across: Sizes, up: Accuracies) -> str:
    """The best accuracy that any size reaches, from the smallest size to the right edge, as a staircase."""
    corners: list[str] = []
    best = -math.inf
    for point in sorted(tradeoff.points, key=lambda point: (tradeoff.size(point), -point.accuracy.mean)):
        if point.accuracy.mean > best:
            best = point.accuracy.mean
            x, y = across.place(tradeoff.size(point)), up.place(best)
            corners.append(f"H{x:.2f} V{y:.1f}" if corners else f"M{x:.2f} {y:.1f}")
    return " ".join((*corners, "H100"))
