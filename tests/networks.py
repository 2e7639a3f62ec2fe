"""Random integer networks of any plan and shape, with offsets and biases that matter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.graph import (
    FullyConnected,
    IntegerGraph,
    Rounding,
    TensorScale,
    Width,
    classifier,
    fully_connected,
)


def codes(rng: np.random.Generator, shape: tuple[int, int], width: Width) -> NDArray[np.int64]:
    """Codes of `width`'s set, uniformly, the extremes surely among them."""
    largest = width.largest_code
    drawn = rng.integers(-largest, largest + 1, shape)
    drawn.flat[:2] = (largest, -largest)[: drawn.size]
    return np.where(drawn == 0, 1, drawn) if not width.has_zero else drawn


def network(
    sizes: Sequence[int], plan: Sequence[str | int], *, seed: int = 0, rounding: Rounding = Rounding.DOUBLE
) -> IntegerGraph:
    """A classifier of layer `sizes` (input first) whose activations use their whole range.

    Zero points, channel scales (a factor of 16 apart) and biases are drawn; ReLU everywhere but at the end.
    """
    rng = np.random.default_rng(seed)
    source, quantization = "input", TensorScale(2**-5, int(rng.integers(-20, 21)))
    layers: list[FullyConnected] = []
    for number, (inputs, outputs, word) in enumerate(zip(sizes[:-1], sizes[1:], plan, strict=True)):
        width = Width.parse(word)
        drawn = codes(rng, (outputs, inputs), width)
        spread = np.sqrt((drawn.astype(float) ** 2).sum(axis=1).mean())
        scales = rng.uniform(0.25, 4, outputs) / spread
        last = number == len(sizes) - 2
        output = TensorScale(
            quantization.scale * float(rng.uniform(0.5, 1.5)), int(rng.integers(-30, 31)) if last else -128
        )
        layers.append(
            fully_connected(
                f"dense{number}",
                source,
                drawn,
                scales,
                rng.normal(0, 40 * quantization.scale, outputs),
                quantization,
                output,
                not last,
                width,
            )
        )
        source, quantization = layers[-1].name, output
    return classifier(layers, [f"label{index}" for index in range(sizes[-1])], rounding)


def inputs(graph: IntegerGraph, clips: int, *, seed: int = 0) -> NDArray[np.int8]:
    """Random int8 feature vectors, the first four extreme: all -128, all 127, all zero point, alternating."""
    rng = np.random.default_rng(seed + 1)
    drawn = rng.integers(-128, 128, (clips, graph.input.size)).astype(np.int8)
    alternating = np.where(np.arange(graph.input.size) % 2, 127, -128)
    for row, values in enumerate((-128, 127, graph.input.quantization.zero_point, alternating)):
        drawn[row : row + 1] = values
    return drawn
