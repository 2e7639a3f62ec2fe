"""The study of a sweep: every point with every seed, judged by the validation part."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from sertool.errors import SertoolError
from sertool.experiments.outcomes import Row
from sertool.experiments.store import read
from sertool.experiments.study import Asked, Scales, Study
from sertool.experiments.sweep.grid import Point
from sertool.experiments.trials import Recipe
from sertool.material import Case
from sertool.training import FineTuningConfig, TrainingConfig

_AGAIN = "run: sertool sweep"


def sweep(
    corpus: str,
    protocol: str,
    points: Sequence[Point],
    cases: Mapping[tuple[str, int, int], Case],
    training: TrainingConfig,
    fine_tuning: FineTuningConfig,
    scales: Scales,
) -> Study:
    """Ask for every point on every seed of `cases` (by preset, seed, fold), in this order.

    Each seed is that of the weights too.
    """
    places = tuple(dict.fromkeys((seed, fold) for _, seed, fold in cases))
    return Study(
        corpus=corpus,
        protocol=protocol,
        asked=tuple(
            Asked(point.preset, seed, fold, point.trial)
            for point, (seed, fold) in itertools.product(points, places)
        ),
        cases=cases,
        recipes={
            seed: Recipe(
                dataclasses.replace(training, seed=seed),
                dataclasses.replace(fine_tuning, seed=seed),
                judged=True,
            )
            for seed, _ in places
        },
        scales=scales,
    )


def read_sweep(path: Path) -> tuple[Row, ...]:
    """Return the finished rows of the latest sweep, in the order of its points and seeds.

    Raises SertoolError for a file that is missing, damaged, or no results file, and for rows that are not of
    one sweep.
    """
    if not path.is_file():
        raise SertoolError("there are no results of a sweep", where=path, hint=_AGAIN)
    rows = read(path)
    for name in ("corpus", "protocol", "fold", "labels", "target"):
        found = {getattr(row, name) for row in rows}
        if len(found) > 1:
            told = " and ".join(sorted(map(str, found))[:2])
            raise SertoolError(f"the sweep's rows are of {name} {told}", where=path, hint=_AGAIN)
    if any(row.validation is None for row in rows):
        raise SertoolError("these rows are of no sweep: validation judges none", where=path, hint=_AGAIN)
    if len({(row.preset, row.hidden, row.wanted, row.seed) for row in rows}) < len(rows):
        raise SertoolError("the sweep's rows have a seed of a point twice", where=path, hint=_AGAIN)
    return rows
