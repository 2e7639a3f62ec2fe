"""The points of a sweep: every front end, with every shape, at every plan."""

from __future__ import annotations

import dataclasses
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sertool import laq
from sertool.errors import SertoolError
from sertool.experiments.trials import Trial
from sertool.firmware.pack import layer_bytes
from sertool.frontend import preset
from sertool.training.keras_network import layer_names

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Point:
    """A network at a plan: preset of the front end, and the trial that says both."""

    preset: str
    trial: Trial


def grid(
    presets: Sequence[str], shapes: Sequence[tuple[int, ...]], plans: Sequence[Trial]
) -> tuple[Point, ...]:
    """Return all points, plan by plan within each shape; what is named twice counts once.

    Raises SertoolError, naming the shape, for a plan that does not fit it.
    """
    points = []
    for name, hidden, plan in itertools.product(presets, shapes, plans):
        trial = dataclasses.replace(plan, hidden=hidden)
        try:
            _check(trial)
        except SertoolError as error:
            raise SertoolError(
                f"{error.what} (hidden layers {_show(hidden)})",
                where=f"plan {trial.wanted} in the sweep",
                allowed=error.allowed,
                hint=error.hint or "a single width, such as 1 or ternary, fits every shape",
            ) from error
        points.append(Point(name, trial))
    return tuple(dict.fromkeys(points))


def fitting(points: Sequence[Point], classes: int) -> tuple[Point, ...]:
    """Return the points whose networks can be as small as they must; say which ones cannot.

    Raises SertoolError, naming the nearest, where none can.
    """
    kept, least = [], []
    for point in points:
        trial, limit = point.trial, point.trial.limit
        size = _smallest((preset(point.preset).features, *trial.hidden, classes))
        if limit is None or size <= limit:
            kept.append(point)
        else:
            least.append(size)
            log.warning(
                "left out: %s with hidden layers %s takes %s bytes at the least",
                trial.wanted, _show(trial.hidden), f"{size:,}",
            )  # fmt: skip
    if not kept:
        raise SertoolError(
            "no network of the sweep can be as small as its plans ask for",
            allowed=f"{min(least):,} bytes or more",
            hint="allow more, or add smaller networks ([sweep], hidden)",
        )
    return tuple(kept)


def _check(trial: Trial) -> None:
    """Raise SertoolError where a trial asks for no plan of its layers, whatever their sizes."""
    layers = layer_names(len(trial.hidden) + 1)
    if trial.plan is not None:
        laq.parse_plan(trial.plan, layers)
    elif trial.method == "exhaustive":
        laq.check_exhaustive(len(layers))


def _smallest(shape: Sequence[int]) -> int:
    """Bytes of a network with these layer sizes, features first, at the narrowest width."""
    return laq.byte_costs(shape, layer_bytes).of(laq.WIDTHS[:1] * (len(shape) - 1))


def _show(hidden: Sequence[int]) -> str:
    return "-".join(map(str, hidden)) or "none"
