"""Every plan there is, scored: for networks so small that this ends."""

from __future__ import annotations

import itertools

from sertool.errors import SertoolError
from sertool.laq.allocation.problem import WIDTHS, Allocation, AllocationProblem

#: Some milliseconds each: half a minute.
MOST_PLANS = 4096


def exhaustive(problem: AllocationProblem) -> Allocation:
    """Return the plan of the best score within the budget, or without one the smallest within the margin.

    Of plans with equal scores the smallest is taken. Raises SertoolError as `check_exhaustive` does.
    """
    check_exhaustive(problem.count)
    baseline = problem.evaluate(problem.widest)
    plans = list(itertools.product(WIDTHS, repeat=problem.count))
    plans.sort(key=problem.bytes.of)
    if problem.budget is not None:
        allowed = [plan for plan in plans if problem.budget.allows(plan)]
        # The first of equals, which is the smallest.
        plan = max(allowed, key=problem.evaluate)
    else:
        least = baseline.accuracy - problem.margin
        plan = next(plan for plan in plans if problem.evaluate(plan).accuracy >= least)
    return Allocation(plan, problem.evaluate(plan), baseline, problem.bytes.of(plan), problem.margin)


def check_exhaustive(layers: int) -> None:
    """Raise SertoolError where `layers` layers have more than 4,096 plans."""
    number = len(WIDTHS) ** layers
    if number > MOST_PLANS:
        raise SertoolError(
            f"{layers} layers have {number:,} plans: too many to try them all",
            allowed=f"up to {MOST_PLANS:,} plans",
            hint="use the strategy budget or laq, or a network of fewer layers (training.hidden)",
        )
