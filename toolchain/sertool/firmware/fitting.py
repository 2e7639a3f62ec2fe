"""Which narrower plan would make a model fit, when an image is too large for its board."""

from __future__ import annotations

from sertool.firmware.pack import packed_bytes
from sertool.graph import TERNARY, IntegerGraph, Width

#: From wide to narrow.
_WIDTHS = (*(Width(bits) for bits in range(8, 2, -1)), TERNARY, Width(1))


def plan_that_fits(graph: IntegerGraph, saving: int) -> tuple[Width, ...] | None:
    """Narrow the plan of `graph`, always where most bytes are, until it takes `saving` bytes of flash less.

    Returns None when even 1 bit everywhere saves too little.
    """
    plan = list(graph.plan)
    layers = graph.dense

    def size(index: int) -> int:
        return packed_bytes(layers[index].outputs, layers[index].inputs, plan[index])

    before = sum(map(size, range(len(plan))))
    while before - sum(map(size, range(len(plan)))) < saving:
        wide = [index for index, width in enumerate(plan) if width.bits > 1]
        if not wide:
            return None
        largest = max(wide, key=size)
        narrower = [width for width in _WIDTHS if width.bits < plan[largest].bits]
        plan[largest] = narrower[0]
    return tuple(plan)
