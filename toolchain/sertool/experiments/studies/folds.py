"""The study of a protocol: one trial on every fold with every seed."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.experiments.study import Asked, Study
from sertool.experiments.trials import Recipe, Trial
from sertool.material import Case


def folds(
    corpus: str,
    protocol: str,
    preset: str,
    cases: Mapping[tuple[int, int], Case],
    recipes: Mapping[int, Recipe],
    trial: Trial,
) -> Study:
    """Ask for `trial` on each of `cases`, by seed and fold, in this order; `recipes` are by seed."""
    return Study(
        corpus=corpus,
        protocol=protocol,
        asked=tuple(Asked(preset, seed, fold, trial) for seed, fold in cases),
        cases={(preset, *place): case for place, case in cases.items()},
        recipes=recipes,
    )
