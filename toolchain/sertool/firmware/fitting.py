"""Narrower plans for a model whose image is too large for its board."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sertool.firmware.pack import packed_bytes
from sertool.graph import TERNARY, FullyConnected, IntegerGraph, Width

#: From wide to narrow.
_WIDTHS = (*(Width(bits) for bits in range(8, 2, -1)), TERNARY, Width(1))


def narrower_plan(graph: IntegerGraph, saving: int) -> tuple[Width, ...] | None:
    """Narrow the plan of `graph`, always where most bytes are, until its weights take `saving` bytes less.

    Other widths may need other kernels, which is not counted here. Returns None when even 1 bit everywhere
    saves too little.
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


def with_plan(graph: IntegerGraph, plan: Sequence[Width]) -> IntegerGraph:
    """Return a graph of the same shape at `plan`, to see how large its image is; its weights mean nothing."""
    widths = iter(plan)
    layers = tuple(
        dataclasses.replace(layer, weights=np.ones_like(layer.weights), width=next(widths))
        if isinstance(layer, FullyConnected)
        else layer
        for layer in graph.layers
    )
    return dataclasses.replace(graph, layers=layers)
