"""`IntegerGraph`, the waist of the toolchain: a model as plain integers, with nothing of how it was made."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from sertool.graph.layer import Layer
from sertool.graph.operators import ArgMax, FullyConnected, Softmax
from sertool.graph.quantization import Rounding, ScaleProduct, Width
from sertool.graph.tensors import Tensor, TensorScale


class Role(enum.Enum):
    """What a tensor is to whoever asks a classifier; the value is the name that sertool gives it."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    LABEL = "label"


@dataclass(frozen=True)
class IntegerGraph:
    """Layers in execution order: each gives the tensor of its name, from the input and what others gave.

    `input_name` is the int8 feature vector. A classifier ends in three tensors: the logits of the last fully
    connected layer, their softmax and their arg max. A model made elsewhere may lack the last two, and be no
    classifier at all: then `labels` is empty. `scale_product` is None where every runtime derives these
    multipliers, as in all that sertool makes; else how the runtimes multiply that do (see `scales`).
    """

    input_name: str
    input_size: int
    input_quantization: TensorScale
    layers: tuple[Layer, ...]
    labels: tuple[str, ...]
    rounding: Rounding = field(default=Rounding.DOUBLE)
    scale_product: ScaleProduct | None = None

    @property
    def input(self) -> Tensor:
        """The tensor that goes in."""
        return Tensor(self.input_name, (self.input_size,), self.input_quantization)

    @property
    def weighted(self) -> tuple[FullyConnected, ...]:
        """The layers that have weights, in execution order: what a plan is of."""
        return tuple(layer for layer in self.layers if isinstance(layer, FullyConnected))

    @property
    def logits(self) -> FullyConnected:
        """The last fully connected layer: its outputs are a classifier's logits."""
        return self.weighted[-1]

    @property
    def roles(self) -> Mapping[Role, str]:
        """The name of the tensor in each role; a role that the model has no tensor for is absent."""
        logits, kinds = self.logits.name, {Softmax: Role.PROBABILITIES, ArgMax: Role.LABEL}
        ends = [layer for layer in self.layers if layer.reads == (logits,) and type(layer) in kinds]
        return {Role.LOGITS: logits, **{kinds[type(layer)]: layer.name for layer in ends}}

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
