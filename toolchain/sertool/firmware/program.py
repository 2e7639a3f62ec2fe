"""A model as C: packed weights and straight-line calls, with the kernels that its plan uses and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sertool.compilers import SourceTree, runtime_sources
from sertool.firmware.arena import ALIGNMENT, ArenaPlan, plan, scratch_name, tensors
from sertool.firmware.pack import PackedDense, pack
from sertool.graph.graph import IntegerGraph
from sertool.graph.layer import Layer
from sertool.graph.operators import ArgMax, FullyConnected, Softmax
from sertool.graph.operators.softmax import SoftmaxParameters, softmax_parameters
from sertool.rendering import render


@dataclass(frozen=True, eq=False)
class Step:
    """One call of the rendered function.

    `source`, `offset` and `scratch` are bytes into the arena; a `source` of None is the model's input.
    """

    name: str
    kind: str
    source: int | None
    offset: int
    bytes: int
    size: int
    width: str = ""
    scratch: int = 0
    packed: PackedDense | None = None
    parameters: SoftmaxParameters | None = None

    @property
    def scratch_word(self) -> int:
        """The scratch memory's offset in words."""
        return self.scratch // ALIGNMENT

    @property
    def offset_word(self) -> int:
        """The output's offset in words."""
        return self.offset // ALIGNMENT


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
    wanted |= {"runtime/include/ser_kernels.h", "runtime/include/ser_trace.h"}
    runtime = runtime_sources("include", "kernels")
    return {
        **{path: text for path, text in runtime.items() if path in wanted},
        "generated/ser_model.h": render("project/ser_model.h.in", model=rendered),
        "generated/ser_model.c": render("project/ser_model.c.in", model=rendered),
    }


def render_model(graph: IntegerGraph) -> RenderedModel:
    """Compute everything that the templates print; raises SertoolError as `model_sources` does."""
    arena = plan(tensors(graph))
    offsets = {graph.input_name: None, **{layer.name: arena.offset(layer.name) for layer in graph.layers}}
    return RenderedModel(
        digest=graph_digest(graph),
        inputs=graph.input_size,
        classes=len(graph.labels),
        labels=graph.labels,
        arena_bytes=max(arena.size, ALIGNMENT),
        steps=tuple(_step(layer, arena, offsets[layer.reads[0]]) for layer in graph.layers),
        results=tuple(_results(graph, arena)),
    )


def graph_digest(graph: IntegerGraph) -> str:
    """Return the SHA-256 of all that a graph holds, in hexadecimal."""
    digest = hashlib.sha256()
    for part in (graph, *graph.layers):
        digest.update(type(part).__name__.encode())
        for name, value in vars(part).items():
            if isinstance(value, np.ndarray):
                digest.update(f"{name}:{value.dtype.str}:{value.shape}".encode() + value.tobytes())
            elif name != "layers":
                digest.update(f"{name}:{value!r}".encode())
    return digest.hexdigest()


def _step(layer: Layer, arena: ArenaPlan, source: int | None) -> Step:
    offset, size = arena.offset(layer.name), layer.output.bytes
    match layer:
        case FullyConnected():
            scratch = arena.offset(scratch_name(layer))
            packed = pack(layer)
            return Step(
                layer.name, "dense", source, offset, size, layer.outputs, str(layer.width), scratch, packed
            )
        case Softmax():
            parameters = softmax_parameters(layer.input_quantization.scale)
            return Step(layer.name, "softmax", source, offset, size, layer.size, parameters=parameters)
        case ArgMax():
            return Step(layer.name, "argmax", source, offset, size, layer.size)
    raise TypeError(f"no kernel runs {layer}")


def _results(graph: IntegerGraph, arena: ArenaPlan) -> Iterator[Result]:
    for role, name in graph.roles.items():
        yield Result(name, f"SER_{role.name}_AT", arena.offset(name))


def _kernel_files(graph: IntegerGraph) -> Iterator[str]:
    bits = {layer.width.bits for layer in graph.weighted}
    yield from (f"dense_w{one}.c" for one in bits)
    if bits:
        yield from ("lanes.h", "rows.h", "fixed_point.h", f"requantize_{graph.rounding.value}.c")
    if bits & set(range(2, 8)):
        yield "prepare_pairs.c"
    if any(isinstance(layer, Softmax) for layer in graph.layers):
        yield from ("softmax_int8.c", "fixed_point.h")
    if any(isinstance(layer, (Softmax, ArgMax)) for layer in graph.layers):
        yield "argmax_int8.c"
