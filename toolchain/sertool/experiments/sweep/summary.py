"""What a sweep's rows say together: a point's mean over its seeds, and which points nothing beats."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from sertool.experiments.outcomes import Row, Score
from sertool.experiments.pareto import front
from sertool.intervals import Interval, student

_SIZES = ("flash", "ram", "instructions")


@dataclass(frozen=True)
class Summary:
    """One point over its seeds.

    Accuracies are weighted, as fractions, with Student's 95 % interval over seeds; a difference is that of the
    point's own float network subtracted, seed by seed. Where seeds got different plans, `plans` has each once,
    the most frequent first, and `bytes`, `flash`, `ram` and `instructions` are those of the largest.
    `on_front` says whether no other point of the sweep is at least as good in all and better in something, of:
    validation accuracy, flash, RAM and instructions; where these were not measured, validation accuracy and
    bytes.
    """

    preset: str
    shape: tuple[int, ...]
    wanted: str
    method: str
    plans: tuple[str, ...]
    seeds: int
    float_validation: Interval
    float_test: Interval
    validation: Interval
    test: Interval
    validation_difference: Interval
    test_difference: Interval
    validation_unweighted: float
    bytes: int
    flash: int | None
    ram: int | None
    instructions: int | None
    on_front: bool

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def summarize(rows: Sequence[Row]) -> tuple[Summary, ...]:
    """Return the points of `rows`, of one corpus and target, in the order in which they first occur."""
    points: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        points.setdefault((row.preset, row.hidden, row.wanted), []).append(row)
    groups = tuple(points.values())
    measured = [name for name in _SIZES if all(getattr(row, name) is not None for row in rows)]
    best = front([_costs(group, measured or ["bytes"]) for group in groups])
    return tuple(_summary(group, index in best) for index, group in enumerate(groups))


def _judged(row: Row, *, real: bool = False) -> Score:
    """The score on validation, which every row of a sweep has."""
    score = row.float_validation if real else row.validation
    assert score is not None
    return score


def _costs(rows: Sequence[Row], sizes: Sequence[str]) -> tuple[float, ...]:
    error = 1 - statistics.fmean(_judged(row).weighted for row in rows)
    return (error, *(max(getattr(row, name) for row in rows) for name in sizes))


def _summary(rows: Sequence[Row], on_front: bool) -> Summary:
    first = rows[0]

    def over(value: Callable[[Row], float]) -> Interval:
        return student([value(row) for row in rows])

    def largest(name: str) -> int | None:
        return max((size for row in rows if (size := getattr(row, name)) is not None), default=None)

    return Summary(
        preset=first.preset,
        shape=first.shape,
        wanted=first.wanted,
        method=first.method,
        plans=tuple(plan for plan, _ in Counter(row.plan for row in rows).most_common()),
        seeds=len(rows),
        float_validation=over(lambda row: _judged(row, real=True).weighted),
        float_test=over(lambda row: row.float_test.weighted),
        validation=over(lambda row: _judged(row).weighted),
        test=over(lambda row: row.test.weighted),
        validation_difference=over(lambda row: _judged(row).weighted - _judged(row, real=True).weighted),
        test_difference=over(lambda row: row.test.weighted - row.float_test.weighted),
        validation_unweighted=over(lambda row: _judged(row).unweighted).mean,
        bytes=max(row.bytes for row in rows),
        flash=largest("flash"),
        ram=largest("ram"),
        instructions=largest("instructions"),
        on_front=on_front,
    )
