"""Allocation: which width each layer gets, from importance and from accuracy on validation clips.

Every strategy takes an `AllocationProblem` and returns an `Allocation`; none has test data within reach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sertool.errors import SertoolError
from sertool.graph import TERNARY, Width
from sertool.laq.importance import LayerImportance
from sertool.laq.integer import evaluate, integer_graph
from sertool.laq.plan import format_plan
from sertool.laq.post_training import quantize
from sertool.training.data import TrainingData
from sertool.training.model import FloatModel

#: What a search may choose from, narrow to wide. Two bits hold the codes of ternary and are no other choice.
WIDTHS = (Width(1), TERNARY, *(Width(bits) for bits in range(3, 9)))

#: From a plan to its accuracy, a fraction.
Evaluate = Callable[[tuple[Width, ...]], float]

_CALIBRATION_CLIPS = 512


@dataclass(frozen=True)
class AllocationProblem:
    """What a strategy has to go by: importance layer by layer, how to score a plan, and how much it may lose.

    `margin` is the accuracy, a fraction, that may be lost against 8 bits everywhere.
    """

    importance: tuple[LayerImportance, ...]
    evaluate: Evaluate
    margin: float

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise SertoolError(f"a margin of {self.margin} cannot be used", allowed="a fraction, 0 to below 1")


@dataclass(frozen=True)
class AllocationStep:
    """One trial: `layer` at `width`, all else as decided so far; its accuracy and whether it was kept."""

    layer: str
    width: Width
    accuracy: float
    kept: bool

    def to_dict(self) -> dict[str, object]:
        """Return the trial as JSON types."""
        return {"layer": self.layer, "width": str(self.width), "accuracy": self.accuracy, "kept": self.kept}


@dataclass(frozen=True)
class Allocation:
    """The plan found, its accuracy and that of 8 bits everywhere, and the trials that led there."""

    plan: tuple[Width, ...]
    accuracy: float
    baseline: float
    steps: tuple[AllocationStep, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the allocation as JSON types."""
        return {
            "plan": format_plan(self.plan),
            "accuracy": self.accuracy,
            "baseline": self.baseline,
            "steps": [step.to_dict() for step in self.steps],
        }


Strategy = Callable[[AllocationProblem], Allocation]


def laq(problem: AllocationProblem) -> Allocation:
    """Visit the most important layer first; take the narrowest width that stays within the layer's margin.

    A layer's margin is the problem's times its importance, halved for the first and the last layer. This is
    the published procedure as far as it is known.
    """
    count = len(problem.importance)
    plan = [Width(8)] * count
    baseline = best = problem.evaluate(tuple(plan))
    steps = []
    for index in sorted(range(count), key=lambda index: -problem.importance[index].value):
        layer = problem.importance[index]
        margin = problem.margin * layer.value * (0.5 if index in (0, count - 1) else 1)
        for width in WIDTHS[:-1]:
            trial = (*plan[:index], width, *plan[index + 1 :])
            accuracy = problem.evaluate(trial)
            kept = accuracy >= baseline - margin
            steps.append(AllocationStep(layer.name, width, accuracy, kept))
            if kept:
                plan[index], best = width, accuracy
                break
    return Allocation(tuple(plan), best, baseline, tuple(steps))


STRATEGIES: dict[str, Strategy] = {"laq": laq}


def allocate(
    model: FloatModel,
    data: TrainingData,
    importance: Sequence[LayerImportance],
    *,
    strategy: str = "laq",
    margin: float = 0.005,
) -> Allocation:
    """Find a plan for `model` by a named strategy, by accuracy on the validation part without retraining.

    Raises SertoolError for an unknown strategy and for a margin out of range.
    """
    if strategy not in STRATEGIES:
        raise SertoolError(f"unknown allocation strategy: {strategy}", allowed=", ".join(STRATEGIES))
    problem = AllocationProblem(tuple(importance), validation_accuracy(model, data), margin)
    return STRATEGIES[strategy](problem)


def validation_accuracy(model: FloatModel, data: TrainingData) -> Evaluate:
    """Return the function that quantizes `model` at a plan and scores the integer reference on validation.

    Calibration takes at most 512 training clips, evenly spread.
    """
    clips = np.linspace(0, len(data.train) - 1, min(len(data.train), _CALIBRATION_CLIPS)).astype(int)
    calibration = data.train.features[clips]

    def score(plan: tuple[Width, ...]) -> float:
        return evaluate(integer_graph(quantize(model, plan, calibration)), data.validation).weighted

    return score
