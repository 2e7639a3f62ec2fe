"""The same width for every layer: what any cleverer plan has to beat."""

from __future__ import annotations

from sertool.errors import SertoolError
from sertool.laq.allocation.problem import (
    WIDTHS,
    Allocation,
    AllocationProblem,
    AllocationStep,
)
from sertool.laq.plan import format_plan


def uniform(problem: AllocationProblem) -> Allocation:
    """Return the widest uniform plan that the budget allows, or without one the narrowest within the margin.

    Raises SertoolError when the budget allows no uniform plan.
    """
    baseline = problem.evaluate(problem.widest)
    plans = [(width,) * problem.count for width in WIDTHS]
    if problem.budget is not None:
        allowed = [plan for plan in plans if problem.budget.allows(plan)]
        if not allowed:
            least = min(plans, key=problem.budget.costs.of)
            raise SertoolError(
                f"no uniform plan takes {problem.budget.limit:,} {problem.budget.costs.unit} or less",
                allowed=f"{problem.budget.costs.of(least):,} or more: that is plan {format_plan(least)}",
            )
        plan = allowed[-1]
        return Allocation(plan, problem.evaluate(plan), baseline, problem.bytes.of(plan))
    steps = []
    for plan in plans:
        score = problem.evaluate(plan)
        kept = score.accuracy >= baseline.accuracy - problem.margin
        steps.append(AllocationStep("all", plan[0], score, kept))
        if kept:
            break
    return Allocation(plan, score, baseline, problem.bytes.of(plan), problem.margin, tuple(steps))
