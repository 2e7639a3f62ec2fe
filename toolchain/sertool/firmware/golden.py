"""Golden vectors: what an image must find in its self-test at boot, stage by stage."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.answers import (
    UNCHOSEN,
    Enrolment,
    Rule,
    Utterances,
    certainty_of,
    doubts_of_labels,
    doubts_of_sound,
    enrolled_each,
    utterance,
)
from sertool.frontend import Frontend
from sertool.graph import IntegerGraph, Role
from sertool.graph.layer import Layer
from sertool.graph.operators import operator_of
from sertool.graph.reference import run
from sertool.graph.tensors import Values
from sertool.standardization import Standardizer

#: Samples of an utterance of the golden sound, a multiple of the 32 that `ser_selftest.c` makes at a time.
GOLDEN_SAMPLES = 4096
#: Utterances of it where standardization follows the speaker, and where speakers enrol: with the first.
_FOLLOWED, _ENROLLED = 3, 2
#: What enrols is longer, and silent at first, as `ser_selftest.c` has it: a level that stays is nobody's voice.
_TIMES, _SILENT = 2, 1024

#: Stages before the layers, in the order of `enum ser_stage` in `ser_device.h`.
STAGES = ("unsealed", "image", "features", "standardization", "result")


Trace = Mapping[str, Values]


@dataclass(frozen=True, eq=False)
class Golden:
    """What goes in: the golden sound, cut into utterances of `samples`, and `input`, a vector int8 (features,).

    What must come out, as CRC-32 of little-endian values: each utterance's int32 features and int8 model input;
    every layer's output for the last of them and for `input`, (2, layers); and label, certainty and doubts
    (int32), logits and probabilities together: of the last utterance, of what the model read of it alone, and
    of `input`. `enrolment` is what becomes of the first utterance, which is to enrol the speaker where speakers
    do. `stages` are the names of all stages, in the order of their bits.
    """

    samples: int
    input: NDArray[np.int8]
    features_crc32: tuple[int, ...]
    inputs_crc32: tuple[int, ...]
    layers_crc32: tuple[tuple[int, ...], tuple[int, ...]]
    results_crc32: tuple[int, int, int]
    enrolment: Enrolment
    stages: tuple[str, ...]


def golden_sound(samples: int = GOLDEN_SAMPLES) -> NDArray[np.int16]:
    """The sawtooth with noise that `ser_selftest.c` makes, int16 (samples,)."""
    steps = np.arange(1, samples + 1, dtype=np.uint64)
    phase = (820 * steps).astype(np.int64) & 0xFFFF
    noise, state = np.empty(samples, np.int64), 1
    for index in range(samples):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise[index] = state >> 20
    return (phase // 4 - 8192 + noise - 2048).astype(np.int16)


def golden_utterances(standardizer: Standardizer) -> NDArray[np.int16]:
    """The golden sound as a self-test hears it that standardizes so, int16 (utterances, samples)."""
    if standardizer.enrolled is None:
        count = _FOLLOWED if standardizer.running else 1
        return golden_sound(count * GOLDEN_SAMPLES).reshape(count, GOLDEN_SAMPLES)
    sounds = golden_sound(_ENROLLED * _TIMES * GOLDEN_SAMPLES).reshape(_ENROLLED, -1)
    sounds[:, :_SILENT] = 0
    return sounds


def make_golden(
    graph: IntegerGraph, frontend: Frontend, standardizer: Standardizer, rule: Rule = UNCHOSEN, *, seed: int = 0
) -> Golden:
    """Run the golden sound through all, and a random int8 vector through the reference; judge by `rule`."""
    sounds = golden_utterances(standardizer)
    heard = Utterances.of(utterance(frontend, sound) for sound in sounds)
    inputs, (enrolment,) = enrolled_each(frontend.spec, standardizer, heard, attempts=1)
    second = np.random.default_rng(seed).integers(-128, 128, graph.input.size).astype(np.int8)
    vectors = np.stack([inputs[-1], second])
    trace = run(graph, vectors)
    about_labels = doubts_of_labels(rule, vectors, *_answers(graph, trace)).tolist()
    about_sound = doubts_of_sound(frontend.spec, heard.sounds[-1])
    return Golden(
        samples=sounds.shape[1],
        input=second,
        features_crc32=tuple(map(_crc32, heard.features)),
        inputs_crc32=tuple(map(_crc32, inputs)),
        layers_crc32=(_layers(graph, trace, 0), _layers(graph, trace, 1)),
        results_crc32=(
            _result(graph, trace, 0, about_labels[0] | about_sound),
            _result(graph, trace, 0, about_labels[0]),
            _result(graph, trace, 1, about_labels[1]),
        ),
        enrolment=enrolment,
        stages=STAGES + tuple(_called(index, layer) for index, layer in enumerate(graph.layers)),
    )


def _layers(graph: IntegerGraph, trace: Trace, row: int) -> tuple[int, ...]:
    return tuple(_crc32(_values(layer, trace, row)) for layer in graph.layers)


def _answers(graph: IntegerGraph, trace: Trace) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    roles = graph.roles
    probabilities, labels = trace[roles[Role.PROBABILITIES]], trace[roles[Role.LABEL]][:, 0]
    return probabilities.astype(np.int8), labels.astype(np.int32)


def _result(graph: IntegerGraph, trace: Trace, row: int, doubts: int) -> int:
    probabilities, labels = _answers(graph, trace)
    answer = np.array([labels[row], certainty_of(doubts), doubts], "<i4")
    logits = np.asarray(trace[graph.logits.name][row], np.int8)
    return zlib.crc32(answer.tobytes() + logits.tobytes() + probabilities[row].tobytes())


def _values(layer: Layer, trace: Trace, row: int) -> NDArray[Any]:
    return np.asarray(trace[layer.name][row], layer.output.kind.value)


def _called(index: int, layer: Layer) -> str:
    return {"softmax": "softmax", "arg_max": "label"}.get(operator_of(layer), f"layer-{index}")


def _crc32(values: NDArray[Any]) -> int:
    return zlib.crc32(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes())
