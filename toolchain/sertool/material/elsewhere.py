"""Test clips as they are heard elsewhere, in noise, from afar, by telephone; how right a network is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation import Condition
from sertool.material.degraded import conditioned
from sertool.material.material import Material
from sertool.material.turns import turns

#: What results call clips as they are.
AS_RECORDED = "as recorded"


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """By condition which rows of the test part are heard at all, and what a network is asked, in that order.

    `inputs` int8 (n, features), of all conditions together.
    """

    rows: Mapping[str, NDArray[np.int64]]
    inputs: NDArray[np.int8]


def elsewhere(material: Material, conditions: Sequence[Condition]) -> Elsewhere:
    """Let the test part be heard under each condition, everybody from a reset on.

    A clip of which nothing is heard counts for nobody's turn. Who enrols did so as recorded: on purpose, and so
    where it was quiet. Raises SertoolError as reading clips does.
    """
    heard, inputs = {}, [np.empty((0, material.spec.features), np.int8)]
    for condition in conditions:
        found = conditioned(material.split.test, material.spec, condition)
        rows = np.array([row for row, features in enumerate(found) if features is not None], np.int64)
        answered = np.empty((len(found), material.spec.features), np.int8)
        for speaker, turn in turns(material.split.test, material.split.seed).items():
            told = [(row, features) for row in turn if (features := found[row]) is not None]
            if told:
                answered[[row for row, _ in told]] = material.standardizer.follow(
                    np.stack([features for _, features in told]), material.known(speaker)
                )
        heard[condition.name] = rows
        inputs.append(answered[rows])
    return Elsewhere(heard, np.concatenate(inputs))


def shares(
    material: Material, met: Elsewhere, heard: NDArray[np.int64], answers: NDArray[np.int64]
) -> dict[str, float]:
    """Return the share of the test part that is right, as recorded and under each condition.

    `heard` int64 (test clips,) are a network's labels for the clips, `answers` int64 (n,) those for
    `met.inputs`. Where nothing is heard the answer is wrong.
    """
    truth = material.examples("test").labels
    found, start = {AS_RECORDED: float((heard == truth).mean())}, 0
    for condition, rows in met.rows.items():
        right = answers[start : start + len(rows)] == truth[rows]
        found[condition] = float(right.sum() / len(truth))
        start += len(rows)
    return found
