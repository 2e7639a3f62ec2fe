"""The plan whose outputs move least within a budget: an exact optimum of an additive measure.

Accuracy without retraining says nothing at 1 or 2 bits, where it is near chance, and little on some dozens of
validation clips. How far the logits move when one layer alone is quantized stays informative at every width,
and the movements of layers add up as noise powers do, so the best plan under a budget is a multiple-choice
knapsack. It is solved exactly, layer by layer, by keeping the partial plans that no other beats in both.
"""

from __future__ import annotations

from sertool.errors import SertoolError
from sertool.laq.allocation.problem import WIDTHS, Allocation, AllocationProblem, Plan

#: A partial plan behind what it costs and how far it moves the outputs.
_Partial = tuple[int, float, Plan]


def budget(problem: AllocationProblem) -> Allocation:
    """Return the plan of least movement within the budget, of equals the cheapest.

    Raises SertoolError where there is no budget.
    """
    if problem.budget is None:
        raise SertoolError(
            "the strategy budget has no budget", allowed="a limit in bytes or in instructions (max_bytes, ...)"
        )
    costs, limit = problem.budget.costs, problem.budget.limit
    # What the layers still to come take at least: a partial plan that leaves less can never be finished.
    least = [min(layer.values()) for layer in costs.layers]
    partials: list[_Partial] = [(costs.fixed, 0.0, ())]
    for index in range(problem.count):
        rest = sum(least[index + 1 :])
        grown = [
            (
                cost + costs.layers[index][width],
                movement + problem.deviation(index, width),
                (*plan, width),
            )
            for cost, movement, plan in partials
            for width in WIDTHS
            if cost + costs.layers[index][width] + rest <= limit
        ]
        partials = _unbeaten(grown)
    # Each that is left costs more than the one before and moves less.
    plan = partials[-1][2]
    return Allocation(plan, problem.evaluate(plan), problem.evaluate(problem.widest), problem.bytes.of(plan))


def _unbeaten(partials: list[_Partial]) -> list[_Partial]:
    """Keep, of partial plans for the same layers, those that cost least for how little they move."""
    kept: list[_Partial] = []
    for partial in sorted(partials, key=lambda partial: partial[:2]):
        if not kept or partial[1] < kept[-1][1]:
            kept.append(partial)
    return kept
