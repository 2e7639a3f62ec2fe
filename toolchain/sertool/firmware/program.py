"""A model as C: packed weights and straight-line calls, with the kernels that its plan uses and no others."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sertool.compilers import SourceTree, runtime_sources
from sertool.firmware.arena import ALIGNMENT, ArenaPlan, buffers, holders, plan, scratch_name
from sertool.firmware.lowering import Lowered, Place
from sertool.firmware.operators import lowering_of
from sertool.graph.graph import IntegerGraph
from sertool.rendering import render


@dataclass(frozen=True, eq=False)
class Step:
    """One call of the rendered function, and the expression for where its output then stands."""

    name: str
    lowered: Lowered
    output: str
    bytes: int


@dataclass(frozen=True)
class Result:
    """A tensor that stays in the arena after the run, and the macro that says where."""

    name: str
    macro: str
    offset: int


@dataclass(frozen=True)
class RenderedModel:
    """What the templates `ser_model.h.in` and `ser_model.c.in` print."""

    digest: str
    inputs: int
    classes: int
    labels: tuple[str, ...]
    arena_bytes: int
    headers: tuple[str, ...]
    steps: tuple[Step, ...]
    results: tuple[Result, ...]

    @property
    def arena_words(self) -> int:
        """Words of the arena."""
        return self.arena_bytes // ALIGNMENT


def model_sources(graph: IntegerGraph) -> SourceTree:
    """Return the C of the model alone: its data, its kernels and their headers, no front end.

    Raises SertoolError for a layer that the kernels cannot hold.
    """
    rendered = render_model(graph)
    wanted = {f"runtime/kernels/{name}" for name in _kernel_files(graph)}
    wanted |= {f"runtime/include/{name}" for name in (*rendered.headers, "ser_trace.h")}
    runtime = runtime_sources("include", "kernels")
    return {
        **{path: text for path, text in runtime.items() if path in wanted},
        "generated/ser_model.h": render("project/ser_model.h.in", model=rendered),
        "generated/ser_model.c": render("project/ser_model.c.in", model=rendered),
    }


def render_model(graph: IntegerGraph) -> RenderedModel:
    """Compute everything that the templates print; raises SertoolError as `model_sources` does."""
    arena = plan(buffers(graph))
    return RenderedModel(
        digest=graph_digest(graph),
        inputs=graph.input_bytes,
        classes=len(graph.labels),
        labels=graph.labels,
        arena_bytes=max(arena.size, ALIGNMENT),
        headers=tuple(sorted({name for layer in graph.layers for name in lowering_of(layer).headers})),
        steps=tuple(_steps(graph, arena)),
        results=tuple(_results(graph, arena)),
    )


def graph_digest(graph: IntegerGraph) -> str:
    """Return the SHA-256 of all that a graph computes, and of its labels, in hexadecimal."""
    digest = hashlib.sha256(b"IntegerGraph")
    for tensor in graph.inputs:
        size = tensor.size if len(tensor.shape) == 1 else tensor.shape
        for name, value in (("name", tensor.name), ("size", size), ("quantization", tensor.quantization)):
            digest.update(f"input_{name}:{value!r}".encode())
    for name in ("labels", "rounding", "scale_product"):
        digest.update(f"{name}:{getattr(graph, name)!r}".encode())
    for layer in graph.layers:
        digest.update(type(layer).__name__.encode())
        for name, value in vars(layer).items():
            if isinstance(value, np.ndarray):
                digest.update(f"{name}:{value.dtype.str}:{value.shape}".encode() + value.tobytes())
            else:
                digest.update(f"{name}:{value!r}".encode())
    return digest.hexdigest()


def _steps(graph: IntegerGraph, arena: ArenaPlan) -> Iterator[Step]:
    offsets = {place.buffer.name: place.offset for place in arena.placed}
    places = _input_places(graph) | {name: f"bytes + {offset}" for name, offset in offsets.items()}
    at = {name: places[holder] for name, holder in holders(graph).items()}
    for index, layer in enumerate(graph.layers):
        reads = tuple(at[name] for name in layer.reads)
        scratch = offsets.get(scratch_name(layer))
        place = Place(index, reads, at[layer.name], offsets.get(layer.name), scratch)
        lowered = lowering_of(layer).lower(layer, place)
        yield Step(layer.name, lowered, place.output, layer.output.bytes)


def _input_places(graph: IntegerGraph) -> dict[str, str]:
    """Where inputs stand: one after the other."""
    ends = itertools.accumulate((tensor.bytes for tensor in graph.inputs), initial=0)
    return {
        tensor.name: f"input + {start}" if start else "input"
        for tensor, start in zip(graph.inputs, ends, strict=False)
    }


def _results(graph: IntegerGraph, arena: ArenaPlan) -> Iterator[Result]:
    held, computed = holders(graph), {place.buffer.name for place in arena.placed}
    for role, name in graph.roles.items():
        if held[name] in computed:
            yield Result(name, f"SER_{role.name}_AT", arena.offset(held[name]))


def _kernel_files(graph: IntegerGraph) -> Iterator[str]:
    for layer in graph.layers:
        yield from lowering_of(layer).files(layer, graph.rounding)
