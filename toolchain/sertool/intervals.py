"""How sure one can be of a figure: means and fractions with their 95 % intervals."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sertool.errors import SertoolError

#: Standard normal quantile of a two-sided 95 % interval.
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % interval, as fractions or in the unit of what was averaged."""

    mean: float
    low: float
    high: float


def wilson(right: int, total: int) -> Interval:
    """Return the fraction `right / total` and Wilson's score interval (Wilson 1927) at 95 %."""
    if not 0 <= right <= total or total == 0:
        raise SertoolError(f"{right} right of {total} is no fraction")
    fraction, square = right / total, _Z95**2
    centre = (fraction + square / (2 * total)) / (1 + square / total)
    spread = (
        _Z95 * math.sqrt(fraction * (1 - fraction) / total + square / (4 * total**2)) / (1 + square / total)
    )
    return Interval(fraction, max(0.0, centre - spread), min(1.0, centre + spread))


def student(values: Sequence[float]) -> Interval:
    """Return the mean over seeds or folds and Student's t interval at 95 %; one value alone has no width."""
    if not len(values):
        raise SertoolError("no values to average")
    sample = np.asarray(values, np.float64)
    mean = float(sample.mean())
    if len(sample) == 1:
        return Interval(mean, mean, mean)
    spread = student_quantile(len(sample) - 1) * float(sample.std(ddof=1)) / math.sqrt(len(sample))
    return Interval(mean, mean - spread, mean + spread)


def standard_error(low: float, high: float, count: int) -> float:
    """Return the standard error of a mean of `count` values from its interval as `student` gives it."""
    return 0.0 if count == 1 else (high - low) / 2 / student_quantile(count - 1)


@functools.cache
def student_quantile(freedom: int) -> float:
    """Return t with P(|T| <= t) = 0.95 for `freedom` >= 1 degrees of freedom, by bisection of the density."""
    steps = 2000
    constant = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(
        freedom * math.pi
    )

    def mass(limit: float) -> float:
        angle = math.atan(limit / math.sqrt(freedom))
        # With x = sqrt(freedom) tan(a) the range is finite, and Simpson's rule exact enough.
        grid = np.linspace(0.0, angle, steps + 1)
        heights = np.cos(grid) ** (freedom - 1) * constant * math.sqrt(freedom)
        weights = np.ones(steps + 1)
        weights[1:-1:2], weights[2:-1:2] = 4, 2
        return 2 * float((heights * weights).sum()) * angle / (3 * steps)

    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mass(middle) < 0.95 else (low, middle)
    return (low + high) / 2
