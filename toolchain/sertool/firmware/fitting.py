"""Plans that fit a board, and networks whose weights mean nothing, to see what a plan takes."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.firmware.pack import layer_bytes
from sertool.graph import TERNARY, IntegerGraph, TensorScale, Width, classifier, fully_connected

#: From wide to narrow.
_WIDTHS = (*(Width(bits) for bits in range(8, 2, -1)), TERNARY, Width(1))


def narrower_plan(graph: IntegerGraph, saving: int) -> tuple[Width, ...] | None:
    """Narrow the plan of `graph`, always where most bytes are, until its weights take `saving` bytes less.

    Other widths may need other kernels, which is not counted here. Returns None when even 1 bit everywhere
    saves too little.
    """
    plan = list(graph.plan)
    layers = graph.weighted

    def size(index: int) -> int:
        return layer_bytes(layers[index].outputs, layers[index].inputs, plan[index])

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
    drawn = {
        layer.name: dataclasses.replace(layer, weights=np.ones_like(layer.weights), width=width)
        for layer, width in zip(graph.weighted, plan, strict=True)
    }
    layers = tuple(drawn.get(layer.name, layer) for layer in graph.layers)
    return dataclasses.replace(graph, layers=layers)


def stand_in(shape: Sequence[int], plan: Sequence[Width], labels: Sequence[str]) -> IntegerGraph:
    """Return a network of drawn codes whose activations use their range; the same for the same arguments."""
    draw = np.random.default_rng(0)
    scale = TensorScale(2.0**-5, 0)
    layers: list[Any] = []
    for index, ((inputs, outputs), width) in enumerate(zip(itertools.pairwise(shape), plan, strict=True)):
        last = index == len(plan) - 1
        codes = _codes(draw, (outputs, inputs), width)
        # Outputs then vary by a standard deviation of one, whatever the width: ReLU halves an input's power.
        power = np.square(codes, dtype=np.float64).mean() * inputs * (0.5 if layers else 1)
        steps = np.full(outputs, 1 / np.sqrt(power))
        output = TensorScale(2.0**-5, 0) if last else TensorScale(2.0**-6, -128)
        source = layers[-1].name if layers else "features"
        name = "logits" if last else f"dense{index + 1}"
        bias = draw.normal(0, 0.1, outputs)
        layers.append(fully_connected(name, source, codes, steps, bias, scale, output, not last, width))
        scale = output
    return classifier(layers, labels)


def _codes(draw: np.random.Generator, shape: tuple[int, int], width: Width) -> NDArray[np.int64]:
    if not width.has_zero:
        return draw.choice((-1, 1), shape)
    return draw.integers(-width.largest_code, width.largest_code + 1, shape)
