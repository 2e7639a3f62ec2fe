"""The strategies by name, and the search for a plan by one of them."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence

from sertool.errors import SertoolError
from sertool.laq.allocation.budget import budget as _budget
from sertool.laq.allocation.evaluation import PostTraining
from sertool.laq.allocation.exhaustive import exhaustive
from sertool.laq.allocation.laq import laq, random_order
from sertool.laq.allocation.problem import (
    MARGIN,
    WIDTHS,
    Allocation,
    AllocationProblem,
    Budget,
    Costs,
    LayerBytes,
    Strategy,
)
from sertool.laq.allocation.uniform import uniform
from sertool.laq.importance import LayerImportance, importance
from sertool.laq.plan import format_plan
from sertool.training.data import TrainingData
from sertool.training.float_model import FloatModel

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
    bytes: Costs,
    strategy: str = "laq",
    margin: float | None = None,
    budget: Budget | None = None,
    seed: int = 0,
) -> Allocation:
    """Find a plan for `model` by a named strategy, without retraining and without test data.

    `model` should not have been trained on the validation part, by which plans are scored. `ranking` are the
    layers' importances, LAQ's own where it is left out; `bytes` are what they take on the chip, as `byte_costs`
    gives them. Without a `margin` a search may give away half a point
    of accuracy (0.005), or under a `budget` whatever the budget takes; with both, both hold. Raises
    SertoolError for an unknown strategy, a margin out of range, a ranking or budget for another network, what
    the strategy refuses, and where the plan found within the budget is not within the margin.
    """
    if strategy not in STRATEGIES:
        raise SertoolError(f"unknown allocation strategy: {strategy}", allowed=", ".join(STRATEGIES))
    names = [layer.name for layer in model.layers]
    ranking = importance(model) if ranking is None else ranking
    if [layer.name for layer in ranking] != names:
        raise SertoolError(
            f"this is the importance of other layers: {', '.join(layer.name for layer in ranking)}",
            allowed=", ".join(names),
        )
    scorer = PostTraining(model, data)
    problem = AllocationProblem(
        importance=tuple(ranking),
        evaluate=scorer.evaluate,
        deviation=functools.cache(scorer.deviation),
        bytes=bytes,
        margin=MARGIN if margin is None else margin,
        budget=budget,
        seed=seed,
    )
    found = STRATEGIES[strategy](problem)
    if margin is not None and budget is not None:
        _check_margin(found, margin, budget)
    return found


def _check_margin(found: Allocation, margin: float, budget: Budget) -> None:
    lost = found.baseline.accuracy - found.score.accuracy
    nearest = math.ceil(10_000 * lost) / 100
    if lost > margin:
        raise SertoolError(
            f"no plan was found that takes {budget.limit:,} {budget.costs.unit} or less and loses "
            f"{100 * margin:g} points of validation accuracy or less",
            allowed=f"{nearest:g} points or more: that is plan {format_plan(found.plan)}",
            hint="allow more of either, or leave the margin out: fine-tuning wins back what a search loses",
        )


def byte_costs(shape: Sequence[int], layer_bytes: LayerBytes) -> Costs:
    """Return the bytes of each layer at each width, as whoever places layers in memory counts them.

    `shape` are a network's sizes from the inputs to the classes.
    """
    layers = itertools.pairwise(shape)
    return Costs(
        "bytes",
        tuple({width: layer_bytes(outputs, inputs, width) for width in WIDTHS} for inputs, outputs in layers),
    )
