"""The points of a sweep: every front end, with every shape, at every plan."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sertool.errors import SertoolError
from sertool.experiments.sweep.plans import Wanted, check, smallest
from sertool.frontend import preset
from sertool.training.keras_network import layer_names

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Point:
    """A network at a plan: preset of the front end, hidden sizes, and the plan as the sweep asks for it."""

    preset: str
    hidden: tuple[int, ...]
    wanted: Wanted


def grid(
    presets: Sequence[str], shapes: Sequence[tuple[int, ...]], plans: Sequence[Wanted]
) -> tuple[Point, ...]:
    """Return all points, plan by plan within each shape; what is named twice counts once.

    Raises SertoolError, naming the shape, for a plan that does not fit it.
    """
    points = []
    for name, hidden, wanted in itertools.product(presets, shapes, plans):
        try:
            check(wanted, layer_names(len(hidden) + 1))
        except SertoolError as error:
            raise SertoolError(
                f"{error.what} (hidden layers {_show(hidden)})",
                where=f"plan {wanted.text} in the sweep",
                allowed=error.allowed,
                hint=error.hint or "a single width, such as 1 or ternary, fits every shape",
            ) from error
        points.append(Point(name, hidden, wanted))
    return tuple(dict.fromkeys(points))


def fitting(points: Sequence[Point], classes: int) -> tuple[Point, ...]:
    """Return the points whose networks can be as small as they must; say which ones cannot.

    Raises SertoolError, naming the nearest, where none can.
    """
    kept, least = [], []
    for point in points:
        limit = point.wanted.search.max_bytes if point.wanted.search else None
        size = smallest((preset(point.preset).features, *point.hidden, classes))
        if limit is None or size <= limit:
            kept.append(point)
        else:
            least.append(size)
            log.warning(
                "left out: %s with hidden layers %s takes %s bytes at the least",
                point.wanted.text, _show(point.hidden), f"{size:,}",
            )  # fmt: skip
    if not kept:
        raise SertoolError(
            "no network of the sweep can be as small as its plans ask for",
            allowed=f"{min(least):,} bytes or more",
            hint="allow more, or add smaller networks ([sweep], hidden)",
        )
    return tuple(kept)


def _show(hidden: Sequence[int]) -> str:
    return "-".join(map(str, hidden)) or "none"
