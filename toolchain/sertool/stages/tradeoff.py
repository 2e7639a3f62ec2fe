"""Trade-offs out of files: a results file becomes a page, a sweep a chapter of the build's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sertool.errors import SertoolError
from sertool.experiments import results
from sertool.experiments.pareto import front
from sertool.experiments.store import read
from sertool.experiments.sweep.row import Row
from sertool.report import Estimate, Tradeoff, TradeoffPoint, write_tradeoffs
from sertool.training import student


def write_comparison(path: Path, folder: Path) -> tuple[Path, ...]:
    """Write `tradeoff.html` and `tradeoff.json` of a results file such as `results/accuracy.json`.

    Raises SertoolError as `experiments.results.load` does.
    """
    return write_tradeoffs(tradeoffs(results.load(path)), folder)


def tradeoffs(rows: Sequence[Mapping[str, Any]]) -> tuple[Tradeoff, ...]:
    """Gather rows of results by corpus and protocol, in the order of the rows."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["corpus"], row["protocol"], row["descriptors"]), []).append(row)
    return tuple(
        with_front(Tradeoff(corpus, protocol, descriptors, "test", _runs(found[0]), tuple(map(_point, found))))
        for (corpus, protocol, descriptors), found in groups.items()
    )


def sweep_tradeoff(path: Path) -> Tradeoff:
    """Gather a sweep's rows by network and plan: means over seeds, on validation, which chooses among them.

    Raises SertoolError as `experiments.store.read` does, and for a sweep without a finished row.
    """
    rows = read(path)
    if not rows:
        raise SertoolError("the sweep has no finished row", where=path, hint="run: sertool sweep")
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.shape, row.wanted, row.method), []).append(row)
    first, seeds = rows[0], {row.seed for row in rows}
    return with_front(
        Tradeoff(
            first.corpus,
            first.protocol,
            first.preset,
            "validation",
            f"{len(seeds)} seed{'s' if len(seeds) > 1 else ''}",
            tuple(map(_swept, groups.values())),
        )
    )


def _swept(rows: Sequence[Row]) -> TradeoffPoint:
    largest = max(rows, key=lambda row: row.bytes)
    return TradeoffPoint(
        method=largest.method,
        shape="-".join(map(str, largest.shape)),
        plan=largest.plan,
        bytes=largest.bytes,
        accuracy=_over([row.validation.weighted for row in rows]),
        float_accuracy=_over([row.float_validation.weighted for row in rows]).mean,
        unweighted=_over([row.validation.unweighted for row in rows]).mean,
        difference=_over([row.validation.weighted - row.float_validation.weighted for row in rows]),
        flash=largest.flash,
        ram=largest.ram,
        instructions=largest.instructions,
    )


def _over(values: Sequence[float]) -> Estimate:
    found = student(values)
    return Estimate(found.mean, found.low, found.high)


def with_front(tradeoff: Tradeoff) -> Tradeoff:
    """Mark the points that no other beats: in accuracy and in whatever sizes all points have."""
    points = tradeoff.points
    sizes = [
        name
        for name in ("bytes", "flash", "ram", "instructions")
        if all(getattr(point, name) is not None for point in points)
    ]
    if "flash" in sizes:
        # Bytes of the model are in the image's flash already.
        sizes.remove("bytes")
    costs = [(-point.accuracy.mean, *(float(getattr(point, name)) for name in sizes)) for point in points]
    unbeaten = set(front(costs))
    marked = tuple(replace(point, front=index in unbeaten) for index, point in enumerate(points))
    return replace(tradeoff, points=marked)


def _runs(row: Mapping[str, Any]) -> str:
    if row["protocol"] == "random10":
        return f"{row['seeds']} seeds"
    seeds = f", each the mean of {row['seeds']} seeds" if row["seeds"] > 1 else ""
    return f"{row['folds']} folds{seeds}"


def _point(row: Mapping[str, Any]) -> TradeoffPoint:
    return TradeoffPoint(
        method=row["method"],
        shape=row["shape"],
        plan=row["plan"],
        bytes=row["bytes"],
        accuracy=_estimate(row, "wa"),
        float_accuracy=row["float_wa_mean"] / 100,
        unweighted=row["ua_mean"] / 100,
        difference=_estimate(row, "difference"),
    )


def _estimate(row: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(*(row[f"{name}_{end}"] / 100 for end in ("mean", "low", "high")))
