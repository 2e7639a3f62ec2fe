"""Clips as they are heard elsewhere, in noise, from afar, by telephone; how right a network is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation import Condition
from sertool.corpora import Clip
from sertool.frontend import FrontendSpec
from sertool.material.degraded import conditioned
from sertool.material.turns import turns
from sertool.standardization import Speaker, Standardizer

#: What results call clips as they are.
AS_RECORDED = "as recorded"


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """By condition which clips, by their rows, are heard at all, and what a network is asked, in that order.

    `inputs` int8 (n, features), of all conditions together.
    """

    rows: Mapping[str, NDArray[np.int64]]
    inputs: NDArray[np.int8]


def elsewhere(
    clips: Sequence[Clip],
    spec: FrontendSpec,
    standardizer: Standardizer,
    conditions: Sequence[Condition],
    seed: int,
    known: Callable[[str], Speaker],
) -> Elsewhere:
    """Let `clips` be heard under each condition, by `turns` of the `seed`, after a reset or what is `known`.

    A clip of which nothing is heard counts for nobody's turn. Who enrols did so as recorded: on purpose, and so
    where it was quiet. Raises SertoolError as reading clips does.
    """
    heard, inputs = {}, [np.empty((0, spec.features), np.int8)]
    for condition in conditions:
        found = conditioned(clips, spec, condition)
        rows = np.array([row for row, features in enumerate(found) if features is not None], np.int64)
        answered = np.empty((len(found), spec.features), np.int8)
        for speaker, turn in turns(clips, seed).items():
            told = [(row, features) for row in turn if (features := found[row]) is not None]
            if told:
                answered[[row for row, _ in told]] = standardizer.follow(
                    np.stack([features for _, features in told]), known(speaker)
                )
        heard[condition.name] = rows
        inputs.append(answered[rows])
    return Elsewhere(heard, np.concatenate(inputs))


def shares(
    truth: NDArray[np.int64], met: Elsewhere, heard: NDArray[np.int64], answers: NDArray[np.int64]
) -> dict[str, float]:
    """Return the share of the clips that is right, as recorded and under each condition.

    `truth` and `heard` int64 (clips,) are their labels and a network's, `answers` int64 (n,) its for
    `met.inputs`. Where nothing is heard the answer is wrong.
    """
    found, start = {AS_RECORDED: float((heard == truth).mean())}, 0
    for condition, rows in met.rows.items():
        right = answers[start : start + len(rows)] == truth[rows]
        found[condition] = float(right.sum() / len(truth))
        start += len(rows)
    return found
