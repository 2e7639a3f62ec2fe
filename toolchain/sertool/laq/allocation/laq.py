"""LAQ's own search, as far as the published procedure is known, and the same search in an order that is drawn.

The most important layer comes first and takes the narrowest width whose accuracy stays within the layer's
margin of 8 bits everywhere, without retraining. A layer's margin is the problem's times its importance, halved
for the first and the last layer. Under a budget the margin is widened until the plan fits, and what is left of
the budget then widens layers again, the most important first: a reconstruction's addition, for nothing is
published about budgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sertool.graph import Width
from sertool.laq.allocation.problem import (
    WIDTHS,
    Allocation,
    AllocationProblem,
    AllocationStep,
    Budget,
    Plan,
)

#: Margins tried under a budget, as multiples of the problem's or of half a point where that is zero.
_WIDENING = np.geomspace(1, 4096, 97)
_SMALLEST_MARGIN = 0.005


def laq(problem: AllocationProblem) -> Allocation:
    """Search by importance; see the module."""
    values = [layer.value for layer in problem.importance]
    order = sorted(range(problem.count), key=lambda index: -values[index])
    return _search(problem, order, values)


def random_order(problem: AllocationProblem) -> Allocation:
    """Search as LAQ does, in an order drawn from the seed and with the same margin for every layer.

    What LAQ's importance is worth shows in comparison with this.
    """
    order = np.random.default_rng(problem.seed).permutation(problem.count).tolist()
    mean = sum(layer.value for layer in problem.importance) / problem.count
    return _search(problem, order, [mean] * problem.count)


def _search(problem: AllocationProblem, order: Sequence[int], values: Sequence[float]) -> Allocation:
    if problem.budget is None:
        return _within_margin(problem, order, values, problem.margin)
    for factor in _WIDENING:
        margin = float(max(problem.margin, _SMALLEST_MARGIN) * factor) if factor > 1 else problem.margin
        found = _within_margin(problem, order, values, margin)
        if problem.budget.allows(found.plan):
            break
    else:
        # Where even the widest margin spares a layer, narrow what is left, the least important first.
        found = _narrowed(problem, problem.budget, order, found)
    return _spent(problem, problem.budget, order, found)


def _within_margin(
    problem: AllocationProblem, order: Sequence[int], values: Sequence[float], margin: float
) -> Allocation:
    plan = list(problem.widest)
    baseline = best = problem.evaluate(problem.widest)
    steps = []
    for index in order:
        allowed = margin * values[index] * (0.5 if index in (0, problem.count - 1) else 1)
        for width in WIDTHS[:-1]:
            trial = _with(tuple(plan), index, width)
            score = problem.evaluate(trial)
            kept = score.accuracy >= baseline.accuracy - allowed
            steps.append(AllocationStep(problem.importance[index].name, width, score, kept))
            if kept:
                plan[index], best = width, score
                break
    return Allocation(tuple(plan), best, baseline, problem.bytes.of(plan), margin, tuple(steps))


def _narrowed(
    problem: AllocationProblem, budget: Budget, order: Sequence[int], found: Allocation
) -> Allocation:
    for index in reversed(order):
        if not budget.allows(found.plan):
            cheapest = min(WIDTHS, key=budget.costs.layers[index].__getitem__)
            found = _changed(problem, found, index, cheapest)
    return found


def _spent(problem: AllocationProblem, budget: Budget, order: Sequence[int], found: Allocation) -> Allocation:
    for index in order:
        wider = [width for width in WIDTHS if width.bits > found.plan[index].bits]
        allowed = [width for width in wider if budget.allows(_with(found.plan, index, width))]
        if allowed:
            found = _changed(problem, found, index, allowed[-1])
    return found


def _changed(problem: AllocationProblem, found: Allocation, index: int, width: Width) -> Allocation:
    plan = _with(found.plan, index, width)
    score = problem.evaluate(plan)
    step = AllocationStep(problem.importance[index].name, width, score, True)
    return replace(found, plan=plan, score=score, bytes=problem.bytes.of(plan), steps=(*found.steps, step))


def _with(plan: Plan, index: int, width: Width) -> Plan:
    return (*plan[:index], width, *plan[index + 1 :])
