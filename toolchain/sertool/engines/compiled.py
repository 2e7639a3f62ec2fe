"""What the engines over rendered C have in common: their sources, and how they lay traces out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.answers import Rule
from sertool.compilers import SourceTree, runtime_sources
from sertool.engines.base import Classification, Trace
from sertool.errors import SertoolError
from sertool.firmware.core import core_sources
from sertool.firmware.program import model_sources
from sertool.frontend import FrontendSpec
from sertool.graph.graph import IntegerGraph, Role
from sertool.standardization import Standardizer

#: Values of a summary before logits and probabilities: label, frames, truncated, certainty, doubts.
SUMMARY = 5


def summary_size(graph: IntegerGraph) -> int:
    """How many int32 `ser_probe_classify` writes as its summary."""
    return SUMMARY + 2 * len(graph.labels)


def engine_sources(
    graph: IntegerGraph, spec: FrontendSpec | None, standardizer: Standardizer | None, rule: Rule
) -> SourceTree:
    """Return what a board compiles for this model, and the functions through which engines call it.

    Without `spec` and `standardizer`: the model alone.
    """
    probe = runtime_sources("probe")
    if spec is None or standardizer is None:
        names = ("runtime/probe/ser_probe.h", "runtime/probe/ser_probe_model.c")
        return {**model_sources(graph), **{name: probe[name] for name in names}}
    return {**core_sources(graph, spec, standardizer, rule), **probe}


def input_rows(inputs: Sequence[NDArray[np.int8]]) -> NDArray[np.int8]:
    """Lay a clip's inputs out as `ser_model_run` reads them, one after the other: int8 (clips, values)."""
    rows = [values.reshape(len(values), math.prod(values.shape[1:])) for values in inputs]
    return np.ascontiguousarray(np.concatenate(rows, axis=1))


def trace_bytes(graph: IntegerGraph) -> int:
    """Bytes of the trace of one clip, as `ser_probe_run` writes it."""
    return sum(layer.output.bytes for layer in graph.layers)


def split_trace(graph: IntegerGraph, raw: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Cut the bytes that `ser_probe_run` wrote, uint8 (clips, trace bytes), into the layers' outputs."""
    trace: dict[str, NDArray[Any]] = {}
    start = 0
    for layer in graph.layers:
        output = layer.output
        values = np.ascontiguousarray(raw[:, start : start + output.bytes]).view(output.kind.value)
        trace[layer.name] = values.reshape(-1, *output.shape)
        start += output.bytes
    return trace


def check_hears(engine: str, spec: FrontendSpec | None) -> FrontendSpec:
    """Return the spec; raise SertoolError when there is none."""
    if spec is None:
        raise SertoolError(
            f"the engine {engine!r} holds a model without a front end: it runs features, not sound",
            hint="make the engine with a front end's spec and a standardizer",
        )
    return spec


def check_pcm(engine: str, spec: FrontendSpec | None, pcm: NDArray[np.int16]) -> FrontendSpec:
    """Return the spec; raise SertoolError when there is none or `pcm` is not one-dimensional int16."""
    spec = check_hears(engine, spec)
    if pcm.dtype != np.int16 or pcm.ndim != 1:
        raise SertoolError(
            f"the sound is {pcm.dtype} of shape {pcm.shape}",
            where=f"engine {engine!r}",
            allowed="int16 of shape (samples,)",
        )
    return spec


def too_short(engine: str, spec: FrontendSpec, pcm: NDArray[np.int16]) -> SertoolError:
    """Make the error for an utterance without a whole frame."""
    return SertoolError(
        f"the sound is too short: {len(pcm)} samples",
        where=f"engine {engine!r}",
        allowed=f"at least one frame of {spec.frame_length} samples",
    )


def classification(
    graph: IntegerGraph,
    features: NDArray[np.int32],
    given: NDArray[np.int8],
    trace: Trace,
    summary: NDArray[np.int32],
) -> Classification:
    """Put a classification together from what `ser_probe_classify` wrote and the trace of the same input.

    The results in the trace are those that the public functions gave.
    """
    classes = len(graph.labels)
    label, _, _, certainty, doubts = summary[:SUMMARY].tolist()
    logits, probabilities = summary[SUMMARY : SUMMARY + classes], summary[SUMMARY + classes :]
    results: dict[str, NDArray[Any]] = {
        graph.roles[Role.LOGITS]: logits.astype(np.int8),
        graph.roles[Role.PROBABILITIES]: probabilities.astype(np.int8),
        graph.roles[Role.LABEL]: summary[:1],
    }
    whole = {name: results[name][np.newaxis] if name in results else trace[name] for name in trace}
    return Classification(features, given, whole, label, certainty, doubts)
