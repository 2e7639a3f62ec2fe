"""Rows of a sweep, made up."""

from __future__ import annotations

import dataclasses
from typing import Any

from sertool.experiments.outcomes import Row, Score


def heard(test: Score) -> tuple[int, ...]:
    """Answers that a confusion matrix counts, in some order."""
    columns = zip(*test.confusion, strict=True)
    return tuple(index for index, column in enumerate(columns) for _ in range(sum(column)))


_TEST = Score(((3, 1, 0), (1, 3, 0), (0, 1, 3)))
_ROW = Row(
    corpus="emodb",
    protocol="random10",
    fold=0,
    preset="moments",
    shape=(16, 8, 3),
    wanted="1",
    plan="1,1",
    method="uniform",
    seed=0,
    labels=("anger", "joy", "sadness"),
    float_validation=Score(((4, 0, 0), (1, 3, 0), (0, 0, 4))),
    float_test=Score(((3, 1, 0), (0, 4, 0), (0, 0, 4))),
    validation=Score(((4, 0, 0), (2, 2, 0), (0, 0, 4))),
    test=_TEST,
    heard=heard(_TEST),
    bytes=107,
    target="stm32f405",
    flash=30000,
    ram=9000,
    instructions=2500,
)


def row(**changes: Any) -> Row:
    """Return a row of a made-up sweep, with changes; what was heard follows what is counted."""
    if "test" in changes:
        changes = {"heard": heard(changes["test"]), **changes}
    return dataclasses.replace(_ROW, **changes)
