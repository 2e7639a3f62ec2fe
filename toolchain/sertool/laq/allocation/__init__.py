"""Allocation: which width each layer gets, from importance and from scores on validation clips.

Every strategy takes an `AllocationProblem` and returns an `Allocation`; none has test data within reach.
"""

from sertool.laq.allocation.exhaustive import check_exhaustive
from sertool.laq.allocation.problem import (
    MARGIN,
    WIDTHS,
    Allocation,
    AllocationProblem,
    AllocationStep,
    Budget,
    Costs,
    LayerBytes,
    Score,
)
from sertool.laq.allocation.strategies import STRATEGIES, allocate, byte_costs

__all__ = [
    "MARGIN",
    "STRATEGIES",
    "WIDTHS",
    "Allocation",
    "AllocationProblem",
    "AllocationStep",
    "Budget",
    "Costs",
    "LayerBytes",
    "Score",
    "allocate",
    "byte_costs",
    "check_exhaustive",
]
