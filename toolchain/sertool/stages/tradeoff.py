"""Trade-offs out of files: a results file becomes a page, a sweep a chapter of the build's report."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sertool.errors import SertoolError
from sertool.experiments import results
from sertool.experiments.pareto import front
from sertool.experiments.studies.sweep import read_sweep
from sertool.experiments.sweep.summary import Summary, summarize
from sertool.intervals import Interval
from sertool.report import Comparison, Estimate, Tradeoff, TradeoffPoint
from sertool.report import write_comparison as write

log = logging.getLogger(__name__)


def write_comparison(path: Path, folder: Path) -> tuple[Path, ...]:
    """Write `tradeoff.html` and `tradeoff.json` of a results file such as `results/accuracy.json`.

    Raises SertoolError as `experiments.results.load` and `compare` do.
    """
    return write(compare(results.load(path), path), folder)


def compare(rows: Sequence[Mapping[str, Any]], where: Path) -> Comparison:
    """Gather rows of results by corpus, protocol and descriptors, in the order of the rows.

    Raises SertoolError, naming the row of `where`, for values that contradict each other or cannot be.
    """
    groups: dict[tuple[str, ...], list[tuple[int, Mapping[str, Any]]]] = {}
    for number, row in enumerate(rows):
        key = tuple(row[name] for name in ("corpus", "protocol", "descriptors"))
        groups.setdefault(key, []).append((number, row))
    return Comparison(tuple(_compared(found, where) for found in groups.values()))


def _compared(rows: Sequence[tuple[int, Mapping[str, Any]]], where: Path) -> Tradeoff:
    points = []
    for number, row in rows:
        if row["bytes"] is None:
            log.warning("left out: %s, %s: its bytes of flash are not known", row["corpus"], row["method"])
            continue
        try:
            points.append(_point(row))
        except ValueError as error:
            raise SertoolError(
                f"a row of the results cannot be: {error}",
                where=f"{where}: rows[{number}]",
                hint="make it again: make evidence",
            ) from error
    first = rows[0][1]
    manifests = tuple(dict.fromkeys(row["manifest"] for _, row in rows))
    return with_front(
        Tradeoff(first["corpus"], first["protocol"], first["descriptors"], "test", tuple(points), manifests)
    )


def _point(row: Mapping[str, Any]) -> TradeoffPoint:
    return TradeoffPoint(
        method=row["method"],
        shape=row["shape"],
        plan=row["plan"],
        bytes=row["bytes"],
        accuracy=_estimate(row, "wa"),
        float_accuracy=row["float_wa_mean"] / 100,
        seeds=row["seeds"],
        folds=row["folds"],
        plans=len(row.get("plans", [row["plan"]])),
        unweighted=row["ua_mean"] / 100,
        difference=_estimate(row, "difference"),
    )


def _estimate(row: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(*(row[f"{name}_{end}"] / 100 for end in ("mean", "low", "high")))


def sweep_tradeoff(path: Path) -> Tradeoff:
    """Gather a sweep's rows by network and plan: means over seeds, on validation, which chooses among them.

    Raises SertoolError as `read_sweep` does, and for a sweep without a finished row.
    """
    rows = read_sweep(path)
    if not rows:
        raise SertoolError("the sweep has no finished row", where=path, hint="run: sertool sweep")
    presets = ", ".join(dict.fromkeys(row.preset for row in rows))
    points = tuple(map(_swept, summarize(rows)))
    return Tradeoff(rows[0].corpus, rows[0].protocol, presets, "validation", points)


def _swept(found: Summary) -> TradeoffPoint:
    return TradeoffPoint(
        method=found.method,
        shape="-".join(map(str, found.shape)),
        plan=found.plans[0],
        bytes=found.bytes,
        accuracy=_interval(found.validation),
        float_accuracy=found.float_validation.mean,
        seeds=found.seeds,
        plans=len(found.plans),
        unweighted=found.validation_unweighted,
        difference=_interval(found.validation_difference),
        test=_interval(found.test),
        test_difference=_interval(found.test_difference),
        flash=found.flash,
        ram=found.ram,
        instructions=found.instructions,
        front=found.on_front,
    )


def _interval(found: Interval) -> Estimate:
    return Estimate(found.mean, found.low, found.high)


def with_front(tradeoff: Tradeoff) -> Tradeoff:
    """Mark the points that no other beats: in accuracy and in `Tradeoff.costs`."""
    points = tradeoff.points
    costs = [
        (-point.accuracy.mean, *(float(getattr(point, name)) for name in tradeoff.costs)) for point in points
    ]
    unbeaten = set(front(costs))
    marked = tuple(replace(point, front=index in unbeaten) for index, point in enumerate(points))
    return replace(tradeoff, points=marked)
