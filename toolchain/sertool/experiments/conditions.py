"""How right networks are where devices are used, beside networks that are not augmented."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from sertool.evaluation import ConditionFigures, Evaluation, Spread
from sertool.experiments.scoring import spread
from sertool.intervals import wilson


def under_conditions(
    evaluation: Evaluation, own: Sequence[Mapping[str, float]], others: Sequence[Mapping[str, float]] = ()
) -> Evaluation:
    """Return `evaluation` with its `ConditionFigures`.

    `own` are the shares right by condition of each of its networks, in their order, and `others`, where there
    are some, of networks of the same seeds and folds that are not augmented.
    """

    def over(shares: Sequence[Mapping[str, float]], condition: str) -> Spread:
        each = [share[condition] for share in shares]
        if evaluation.repeats != "clips":
            return spread(evaluation.networks, each, evaluation.repeats)
        clips = sum(map(sum, evaluation.confusion))
        found = wilson(round(each[0] * clips), clips)
        return Spread(found.mean, found.low, found.high)

    return dataclasses.replace(
        evaluation,
        conditions=tuple(
            ConditionFigures(condition, over(own, condition), over(others, condition) if others else None)
            for condition in own[0]
        ),
    )
