"""The memory plan: which bytes of one arena each tensor takes; those never alive together share them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.firmware.lowering import WORD
from sertool.firmware.operators import lowering_of
from sertool.graph.graph import IntegerGraph
from sertool.graph.layer import Layer

#: Every tensor starts at a multiple of this: kernels use scratch memory as 32-bit words.
ALIGNMENT = WORD


@dataclass(frozen=True)
class Tensor:
    """`size` bytes that are needed from step `first` to step `last`, both included (a step is a layer)."""

    name: str
    size: int
    first: int
    last: int


@dataclass(frozen=True)
class Placed:
    """A tensor and where it starts in the arena, in bytes."""

    tensor: Tensor
    offset: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.offset + self.tensor.size


@dataclass(frozen=True)
class ArenaPlan:
    """Where each tensor is, in order of name given, and the bytes of the whole arena."""

    placed: tuple[Placed, ...]
    size: int

    def offset(self, name: str) -> int:
        """Where the tensor `name` starts; raises KeyError when it is not in the arena."""
        return {place.tensor.name: place.offset for place in self.placed}[name]


def plan(tensors: Sequence[Tensor]) -> ArenaPlan:
    """Place tensors greedily: the largest first, each in the lowest gap among those alive at the same time.

    Raises ValueError for a negative size, a lifetime that ends before it begins, or a name used twice.
    """
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise ValueError("two tensors have one name")
    for tensor in tensors:
        if tensor.size < 0 or tensor.last < tensor.first:
            raise ValueError(f"{tensor.name}: {tensor.size} bytes from step {tensor.first} to {tensor.last}")
    placed: list[Placed] = []
    for tensor in sorted(tensors, key=lambda one: (-one.size, one.first)):
        rivals = (p for p in placed if p.tensor.first <= tensor.last and tensor.first <= p.tensor.last)
        offset = 0
        for rival in sorted(rivals, key=lambda place: place.offset):
            if offset + tensor.size <= rival.offset:
                break
            offset = max(offset, _aligned(rival.end))
        placed.append(Placed(tensor, offset))
    order = {tensor.name: index for index, tensor in enumerate(tensors)}
    placed.sort(key=lambda place: order[place.tensor.name])
    return ArenaPlan(tuple(placed), _aligned(max((place.end for place in placed), default=0)))


def tensors(graph: IntegerGraph) -> tuple[Tensor, ...]:
    """List what running `graph` needs beside its input: every layer's output and its scratch memory.

    Outputs that no layer reads, and those with a role, are results and stay to the end.
    """
    last_step = len(graph.layers) - 1
    read = {name: step for step, layer in enumerate(graph.layers) for name in layer.reads}
    results = {layer.name for layer in graph.layers} - read.keys() | set(graph.roles.values())
    found = []
    for step, layer in enumerate(graph.layers):
        last = last_step if layer.name in results else read[layer.name]
        found.append(Tensor(layer.name, layer.output.bytes, step, last))
        if scratch := lowering_of(layer).scratch(layer):
            found.append(Tensor(scratch_name(layer), scratch, step, step))
    return tuple(found)


def scratch_name(layer: Layer) -> str:
    """Name of a layer's scratch memory in the plan; no layer can be called so."""
    return f"{layer.name} scratch"


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
