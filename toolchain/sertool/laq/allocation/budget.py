"""The plan whose outputs move least within a budget: an exact optimum of an additive measure.

Accuracy without retraining says nothing at 1 or 2 bits, where it is near chance, and little on some dozens of
validation clips. How far the logits move when one layer alone is quantized stays informative at every width,
and the movements of layers add up as noise powers do, so the best plan under a budget is a multiple-choice
knapsack. It is solved exactly, layer by layer, by keeping the partial plans that no other beats in both.
"""

from __future__ import annotations

from sertool.errors import SertoolError
from sertool.laq.allocation.problem import WIDTHS, Allocation, AllocationProblem, Plan

#: A partial plan with its cost, its bytes and how far it moves the outputs.
_Partial = tuple[int, int, float, Plan]


def budget(problem: AllocationProblem) -> Allocation:
    """Return the plan of least movement within the budget, of equals the smallest.

    Raises SertoolError where there is no budget.
    """
    if problem.budget is None:
        raise SertoolError(
            "the strategy budget has no budget", allowed="a limit in bytes or in instructions (max_bytes, ...)"
        )
    costs, limit = problem.budget.costs, problem.budget.limit
    # What the layers still to come take at least: a partial plan that leaves less can never be finished.
    least = [min(layer.values()) for layer in costs.layers]
    partials: list[_Partial] = [(costs.fixed, problem.bytes.fixed, 0.0, ())]
    for index in range(problem.count):
        rest = sum(least[index + 1 :])
        grown = [
            (
                cost + costs.layers[index][width],
                size + problem.bytes.layers[index][width],
                movement + problem.deviation(index, width),
                (*plan, width),
            )
            for cost, size, movement, plan in partials
            for width in WIDTHS
            if cost + costs.layers[index][width] + rest <= limit
        ]
        partials = _unbeaten(grown)
    plan = min(partials, key=lambda partial: (partial[2], partial[1]))[3]
    return Allocation(plan, problem.evaluate(plan), problem.evaluate(problem.widest), problem.bytes.of(plan))


def _unbeaten(partials: list[_Partial]) -> list[_Partial]:
    """Keep, of partial plans with the same layers, those that cost least for how little they move."""
    kept: list[_Partial] = []
    for partial in sorted(partials, key=lambda partial: partial[:3]):
        if not kept or partial[2] < min(other[2] for other in kept):
            kept.append(partial)
    return kept
