"""What engines gave, brought into one form, and its comparison with what the reference gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Classification, Trace
from sertool.errors import SertoolError
from sertool.verify.comparison import Comparison, Difference, EngineComparison, LayerComparison

#: Pseudo-layers: the front end's int32 features, the int8 values that the first layer reads,
FEATURES = "features"
INPUT = "input"
#: and certainty and doubts of the answer.
ANSWER = "answer"
#: What became of an utterance that was to enrol.
ENROLMENT = "enrolment"


@dataclass(frozen=True, eq=False)
class Outputs:
    """Integers by layer, a row for each clip, pseudo-layers included.

    `clips` gives each row's clip as an index into the comparison's clips; None means all of them, in order.
    """

    layers: Mapping[str, NDArray[Any]]
    clips: tuple[int, ...] | None = None


def of_run(inputs: NDArray[np.int8], trace: Trace, clips: Sequence[int] | None = None) -> Outputs:
    """Take the trace of `Engine.run(inputs)`, of one input; that becomes the pseudo-layer `input`."""
    return Outputs({INPUT: inputs, **trace}, None if clips is None else tuple(clips))


def of_classifications(
    results: Sequence[Classification], clips: Sequence[int] | None = None, became: Sequence[int] = ()
) -> Outputs:
    """Stack what an engine made of whole utterances, one result a clip.

    Features are left out where the engine does not give them. The label joins as the layer `label` where the
    trace does not show it. `became` is what became of each that was to enrol, if they were.
    """
    layers: dict[str, NDArray[Any]] = {}
    features = [result.features for result in results if result.features is not None]
    if features:
        layers[FEATURES] = np.stack(features)
    if results:
        layers[INPUT] = np.stack([result.input for result in results])
        for name in results[0].trace:
            layers[name] = np.concatenate([result.trace[name] for result in results])
        layers[ANSWER] = np.array([[result.certainty, result.doubts] for result in results], np.int32)
        layers.setdefault("label", np.array([[result.label] for result in results], np.int32))
    if became:
        layers[ENROLMENT] = np.array(became, np.int32)[:, np.newaxis]
    return Outputs(layers, None if clips is None else tuple(clips))


def compare(clips: Sequence[str], reference: Outputs, engines: Mapping[str, Outputs]) -> Comparison:
    """Compare every engine's integers with the reference's, by equality.

    `clips` names all clips; `reference` covers them all. A layer that an engine does not show is not compared;
    one that the reference does not show, or of another shape, is a SertoolError.
    """
    found = []
    first = None
    for engine, outputs in engines.items():
        rows = np.arange(len(clips)) if outputs.clips is None else np.array(outputs.clips, np.int64)
        layers = []
        differences = []
        for layer in _in_order(engine, reference, outputs):
            expected, got = reference.layers[layer][rows], outputs.layers[layer]
            _check_shape(engine, layer, expected, got)
            differ = expected != got
            layers.append(LayerComparison(layer, int(differ.size), int(differ.sum())))
            if differ.any():
                row, *place = (int(coordinate) for coordinate in np.argwhere(differ)[0])
                differences.append(
                    (
                        row,
                        Difference(
                            engine,
                            clips[rows[row]],
                            layer,
                            int(np.ravel_multi_index(place, differ.shape[1:])),
                            int(expected[row, *place]),
                            int(got[row, *place]),
                        ),
                    )
                )
        found.append(EngineComparison(engine, len(rows), tuple(layers)))
        if differences and first is None:
            # min keeps the earliest layer of the earliest clip: layers come in execution order.
            first = min(differences, key=lambda pair: pair[0])[1]
    return Comparison(len(clips), tuple(found), first)


def _in_order(engine: str, reference: Outputs, outputs: Outputs) -> list[str]:
    unknown = [layer for layer in outputs.layers if layer not in reference.layers]
    if unknown:
        raise SertoolError(
            f"the engine shows the layer {unknown[0]!r}, which the reference does not",
            where=f"engine {engine!r}",
            allowed=", ".join(reference.layers),
        )
    return [layer for layer in reference.layers if layer in outputs.layers]


def _check_shape(engine: str, layer: str, expected: NDArray[Any], got: NDArray[Any]) -> None:
    if expected.shape != got.shape or not np.issubdtype(got.dtype, np.integer):
        raise SertoolError(
            f"the outputs are {got.dtype} of shape {got.shape}",
            where=f"engine {engine!r}, layer {layer!r}",
            allowed=f"integers of shape {expected.shape}",
        )
