"""The study of the tables of accuracy: every trial on every seed and fold of an experiment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from sertool.experiments.cases import Experiment
from sertool.experiments.study import Asked, Study
from sertool.experiments.trials import Recipe, Trial
from sertool.material import Case


def evidence(corpus: str, experiment: Experiment, cases: Iterable[Case], trials: Sequence[Trial]) -> Study:
    """Ask for each trial on each of `cases`, in this order; their seeds are those of the weights too."""
    found = {(experiment.descriptors, case.seed, case.fold): case for case in cases}
    return Study(
        corpus=corpus,
        protocol=experiment.protocol,
        asked=tuple(Asked(*place, trial) for trial in dict.fromkeys(trials) for place in found),
        cases=found,
        recipes={
            seed: Recipe(
                dataclasses.replace(experiment.training, seed=seed),
                dataclasses.replace(experiment.fine_tuning, seed=seed),
            )
            for _, seed, _ in found
        },
    )
