"""Golden vectors: what an image must find in its self-test at boot."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph import ArgMax, IntegerGraph
from sertool.graph.reference import run

#: Samples of the golden sound, a multiple of the 32 that `ser_selftest.c` makes at a time.
GOLDEN_SAMPLES = 4096


@dataclass(frozen=True, eq=False)
class Golden:
    """Inputs int8 (vectors, features) with the reference's logits int8 (vectors, classes) and labels int32
    (vectors,); length of the golden sound in samples, and CRC-32 of its int32 features, little-endian.
    """

    inputs: NDArray[np.int8]
    logits: NDArray[np.int8]
    labels: NDArray[np.int32]
    samples: int
    features_crc32: int


def golden_sound(samples: int = GOLDEN_SAMPLES) -> NDArray[np.int16]:
    """The sawtooth with noise that `ser_selftest.c` makes, int16 (samples,)."""
    steps = np.arange(1, samples + 1, dtype=np.uint64)
    phase = (820 * steps).astype(np.int64) & 0xFFFF
    noise, state = np.empty(samples, np.int64), 1
    for index in range(samples):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise[index] = state >> 20
    return (phase // 4 - 8192 + noise - 2048).astype(np.int16)


def make_golden(
    graph: IntegerGraph,
    features: Callable[[NDArray[np.int16]], NDArray[np.int32]],
    *,
    vectors: int = 2,
    seed: int = 0,
) -> Golden:
    """Run random int8 vectors through the reference, and the golden sound through `features`, the front end."""
    inputs = np.random.default_rng(seed).integers(-128, 128, (vectors, graph.input_size)).astype(np.int8)
    trace = run(graph, inputs)
    label = next(layer for layer in graph.layers if isinstance(layer, ArgMax))
    sound = golden_sound()
    return Golden(
        inputs=inputs,
        logits=np.asarray(trace[graph.logits.name], np.int8),
        labels=np.asarray(trace[label.name], np.int32).ravel(),
        samples=len(sound),
        features_crc32=zlib.crc32(np.asarray(features(sound), "<i4").tobytes()),
    )
