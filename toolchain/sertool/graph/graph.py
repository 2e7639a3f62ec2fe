"""`IntegerGraph`, the waist of the toolchain: a model as plain integers, with nothing of how it was made."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.layer import Layer
from sertool.graph.quantization import Rounding, ScaleProduct, Width
from sertool.graph.tensors import Tensor
from sertool.graph.weighted import Weighted


class Role(enum.Enum):
    """What a tensor is to whoever asks a classifier; the value is the name that sertool gives it."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    LABEL = "label"


@dataclass(frozen=True)
class IntegerGraph:
    """Layers in execution order: each gives the tensor of its name, from inputs and what others gave.

    `inputs` are int8 tensors, of any shape. `roles` names the tensor in each role; one that the model has no
    tensor for is absent. A classifier has all of them: logits, their softmax and their arg max. A model made
    elsewhere may lack the last two, and be no classifier at all: then `labels` is empty. `scale_product` is
    None where every runtime derives these multipliers, as in all that sertool makes; else how the runtimes
    multiply that do (see `scales`).
    """

    inputs: tuple[Tensor, ...]
    layers: tuple[Layer, ...]
    roles: Mapping[Role, str] = field(hash=False)
    labels: tuple[str, ...]
    rounding: Rounding = field(default=Rounding.DOUBLE)
    scale_product: ScaleProduct | None = None

    @property
    def input(self) -> Tensor:
        """The tensor that goes in; raises SertoolError where that are several."""
        if len(self.inputs) != 1:
            raise SertoolError(
                f"the model has {len(self.inputs)} inputs: {', '.join(each.name for each in self.inputs)}",
                allowed="one input",
            )
        return self.inputs[0]

    @property
    def input_bytes(self) -> int:
        """Bytes of all that goes in."""
        return sum(tensor.bytes for tensor in self.inputs)

    @property
    def weighted(self) -> tuple[Weighted, ...]:
        """The layers that have weights, in execution order: what a plan is of."""
        return tuple(layer for layer in self.layers if isinstance(layer, Weighted))

    @property
    def logits(self) -> Tensor:
        """The tensor in the role of the logits."""
        return next(layer.output for layer in self.layers if layer.name == self.roles[Role.LOGITS])

    @property
    def plan(self) -> tuple[Width, ...]:
        """The width of each layer that has weights, in execution order."""
        return tuple(layer.width for layer in self.weighted)


def equal(first: IntegerGraph, second: IntegerGraph) -> bool:
    """Whether two graphs are the same: every name, integer, scale, label and mode."""
    return len(first.layers) == len(second.layers) and all(
        _same(one, other) for one, other in zip(_parts(first), _parts(second), strict=False)
    )


def _parts(graph: IntegerGraph) -> list[object]:
    parts: list[object] = [getattr(graph, item.name) for item in fields(graph) if item.name != "layers"]
    for layer in graph.layers:
        parts += [type(layer), *vars(layer).values()]
    return parts


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)
