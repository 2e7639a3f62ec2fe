"""The memory plan: which bytes of one arena each buffer takes; those never alive together share them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.firmware.lowering import WORD
from sertool.firmware.operators import lowering_of
from sertool.graph.graph import IntegerGraph
from sertool.graph.layer import Layer

#: Every buffer starts at a multiple of this: kernels use scratch memory as 32-bit words.
ALIGNMENT = WORD


@dataclass(frozen=True)
class Buffer:
    """`size` bytes that are needed from step `first` to step `last`, both included (a step is a layer)."""

    name: str
    size: int
    first: int
    last: int


@dataclass(frozen=True)
class Placed:
    """A buffer and where it starts in the arena, in bytes."""

    buffer: Buffer
    offset: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.offset + self.buffer.size


@dataclass(frozen=True)
class ArenaPlan:
    """Where each buffer is, in order of name given, and the bytes of the whole arena."""

    placed: tuple[Placed, ...]
    size: int

    def offset(self, name: str) -> int:
        """Where the buffer `name` starts; raises KeyError when it is not in the arena."""
        return {place.buffer.name: place.offset for place in self.placed}[name]


def plan(buffers: Sequence[Buffer]) -> ArenaPlan:
    """Place buffers greedily: the largest first, each in the lowest gap among those alive at the same time.

    Raises ValueError for a negative size, a lifetime that ends before it begins, or a name used twice.
    """
    if len({buffer.name for buffer in buffers}) != len(buffers):
        raise ValueError("two buffers have one name")
    for buffer in buffers:
        if buffer.size < 0 or buffer.last < buffer.first:
            raise ValueError(f"{buffer.name}: {buffer.size} bytes from step {buffer.first} to {buffer.last}")
    placed: list[Placed] = []
    for buffer in sorted(buffers, key=lambda one: (-one.size, one.first)):
        rivals = (p for p in placed if p.buffer.first <= buffer.last and buffer.first <= p.buffer.last)
        offset = 0
        for rival in sorted(rivals, key=lambda place: place.offset):
            if offset + buffer.size <= rival.offset:
                break
            offset = max(offset, _aligned(rival.end))
        placed.append(Placed(buffer, offset))
    order = {buffer.name: index for index, buffer in enumerate(buffers)}
    placed.sort(key=lambda place: order[place.buffer.name])
    return ArenaPlan(tuple(placed), _aligned(max((place.end for place in placed), default=0)))


def buffers(graph: IntegerGraph) -> tuple[Buffer, ...]:
    """List what running `graph` needs beside its inputs: memory for every layer's output, and scratch memory.

    Outputs that no layer reads, and those with a role, are results and stay to the end.
    """
    last_step = len(graph.layers) - 1
    held = holders(graph)
    last_read = {held[name]: step for step, layer in enumerate(graph.layers) for name in layer.reads}
    read = {name for layer in graph.layers for name in layer.reads}
    results = {layer.name for layer in graph.layers} - read | set(graph.roles.values())
    kept = {held[name] for name in results}
    found = []
    for step, layer in enumerate(graph.layers):
        if held[layer.name] == layer.name:
            last = last_step if layer.name in kept else last_read[layer.name]
            found.append(Buffer(layer.name, layer.output.bytes, step, last))
        if scratch := lowering_of(layer).scratch(layer):
            found.append(Buffer(scratch_name(layer), scratch, step, step))
    return tuple(found)


def holders(graph: IntegerGraph) -> dict[str, str]:
    """Name for each tensor the one whose memory holds it: itself, but for layers that work in place."""
    held = {tensor.name: tensor.name for tensor in graph.inputs}
    for layer in graph.layers:
        held[layer.name] = held[layer.reads[0]] if lowering_of(layer).in_place else layer.name
    return held


def scratch_name(layer: Layer) -> str:
    """Name of a layer's scratch memory in the plan; no layer can be called so."""
    return f"{layer.name} scratch"


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
