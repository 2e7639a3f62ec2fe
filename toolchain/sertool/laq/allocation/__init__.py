"""Allocation: which width each layer gets, from importance and from scores on validation clips.

Every strategy takes an `AllocationProblem` and returns an `Allocation`; none has test data within reach.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from sertool.errors import SertoolError
from sertool.laq.allocation.budget import budget as _budget
from sertool.laq.allocation.evaluation import PostTraining
from sertool.laq.allocation.exhaustive import exhaustive
from sertool.laq.allocation.laq import laq, random_order
from sertool.laq.allocation.problem import (
    WIDTHS,
    Allocation,
    AllocationProblem,
    AllocationStep,
    Budget,
    Costs,
    Score,
    Strategy,
)
from sertool.laq.allocation.uniform import uniform
from sertool.laq.importance import LayerImportance, importance
from sertool.laq.model import layer_bytes
from sertool.training.data import TrainingData
from sertool.training.model import FloatModel

__all__ = [
    "STRATEGIES",
    "WIDTHS",
    "Allocation",
    "AllocationProblem",
    "AllocationStep",
    "Budget",
    "Costs",
    "Score",
    "allocate",
    "byte_budget",
    "byte_costs",
]

STRATEGIES: dict[str, Strategy] = {
    "laq": laq,
    "budget": _budget,
    "uniform": uniform,
    "random-order": random_order,
    "exhaustive": exhaustive,
}


def allocate(
    model: FloatModel,
    data: TrainingData,
    ranking: Sequence[LayerImportance] | None = None,
    *,
    strategy: str = "laq",
    margin: float = 0.005,
    budget: Budget | None = None,
    seed: int = 0,
) -> Allocation:
    """Find a plan for `model` by a named strategy, without retraining and without test data.

    `model` should not have been trained on the validation part, by which plans are scored. `ranking` are the
    layers' importances, LAQ's own where it is left out. Raises SertoolError for an unknown strategy, a margin
    out of range, and what the strategy refuses.
    """
    if strategy not in STRATEGIES:
        raise SertoolError(f"unknown allocation strategy: {strategy}", allowed=", ".join(STRATEGIES))
    scorer = PostTraining(model, data)
    problem = AllocationProblem(
        importance=tuple(importance(model) if ranking is None else ranking),
        evaluate=scorer.evaluate,
        deviation=functools.cache(scorer.deviation),
        bytes=byte_costs(model),
        margin=margin,
        budget=budget,
        seed=seed,
    )
    return STRATEGIES[strategy](problem)


def byte_costs(model: FloatModel) -> Costs:
    """Return the bytes of each layer at each width: packed weights, scales and biases."""
    shapes = [layer.weights.shape for layer in model.layers]
    return Costs("bytes", tuple({width: layer_bytes(shape, width) for width in WIDTHS} for shape in shapes))


def byte_budget(model: FloatModel, limit: int) -> Budget:
    """Return the budget of at most `limit` bytes; raises SertoolError where no plan is that small."""
    return Budget(limit, byte_costs(model))
