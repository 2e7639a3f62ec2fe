"""One thing that an operator is tried on, and many of them as one graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph import IntegerGraph, Rounding
from sertool.graph.build import graph_of
from sertool.graph.layer import Layer


@dataclass(frozen=True, eq=False)
class Case:
    """A graph that holds the operator, and for each of its inputs int8 values (clips, *shape)."""

    graph: IntegerGraph
    inputs: Sequence[NDArray[np.int8]]


Make = Callable[[Rounding], Case]
Draw = Callable[[np.random.Generator, Rounding], Case]


def merged(cases: Iterable[Case]) -> Case:
    """Put cases side by side into one graph, so that one compiler run and one interpreter serve all of them.

    Each has as many clips as the one that has most: the others repeat theirs.
    """
    known = list(cases)
    clips = max(len(values) for case in known for values in case.inputs)
    inputs, layers, rows = [], [], []
    for number, case in enumerate(known):
        for tensor, values in zip(case.graph.inputs, case.inputs, strict=True):
            inputs.append(dataclasses.replace(tensor, name=f"case{number}_{tensor.name}"))
            rows.append(np.resize(values, (clips, *tensor.shape)))
        layers += [_renamed(layer, case.graph, f"case{number}_") for layer in case.graph.layers]
    return Case(graph_of(inputs, layers, (), known[0].graph.rounding), rows)


def _renamed(layer: Layer, graph: IntegerGraph, prefix: str) -> Layer:
    """The layer with `prefix` before its name and those of what it reads."""
    names = {tensor.name for tensor in graph.inputs} | {each.name for each in graph.layers}
    fields: dict[str, Any] = {
        key: prefix + value for key, value in vars(layer).items() if isinstance(value, str) and value in names
    }
    return dataclasses.replace(layer, **fields)  # type: ignore[type-var]
