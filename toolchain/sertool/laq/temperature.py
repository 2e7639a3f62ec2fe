"""The temperature at which a quantized network is least surprised by clips that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph import IntegerGraph, Role, reference
from sertool.graph.operators.softmax import softmax
from sertool.graph.temperature import factor
from sertool.training.data import Examples

#: One over the temperatures that are tried: all of 8 bits from 1/8 to just below 8.
_FACTORS = np.ldexp(np.arange(128, 256)[np.newaxis], np.arange(-10, -4)[:, np.newaxis]).ravel()


def best_temperature(graph: IntegerGraph, examples: Examples) -> float:
    """Return the temperature of least negative log likelihood on `examples`, 1/8 to 8.

    Of n clips each label counts (n + 1) / (n + 2), the others what is left, as Platt (1999) has it: else a
    network that is always right would have to be infinitely sure. `examples` must be new to the network.
    """
    values = reference.run(graph, examples.features)[graph.logits.name].astype(np.float64)
    logits = (values - values.max(axis=1, keepdims=True)) * graph.logits.quantization.scale
    rest = 1 / (len(examples) + 2)
    targets = np.full(logits.shape, rest / max(1, logits.shape[1] - 1))
    targets[np.arange(len(examples)), examples.labels] = 1 - rest
    surprises = [_surprise(logits * by, targets) for by in _FACTORS]
    return 1 / float(_FACTORS[int(np.argmin(surprises))])


@dataclass(frozen=True, eq=False)
class Answers:
    """Labels of clips, and their probabilities in 256ths, with and without temperature: int64 (clips,) each.

    `probabilities` int8 (clips, classes) are all that there are, with temperature.
    """

    labels: NDArray[np.int64]
    confidence: NDArray[np.int64]
    untempered: NDArray[np.int64]
    probabilities: NDArray[np.int8]


def answers(graph: IntegerGraph, features: NDArray[np.int8], temperature: float) -> Answers:
    """Let a graph with that `temperature` in its scales answer int8 features (clips, features)."""
    trace, roles = reference.run(graph, features), graph.roles
    labels = trace[roles[Role.LABEL]].astype(np.int64)
    scale = graph.logits.quantization.scale / factor(temperature)
    before = softmax(trace[roles[Role.LOGITS]].astype(np.int8), scale)

    def parts(probabilities: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        return np.take_along_axis(probabilities.astype(np.int64), labels, axis=1)[:, 0] + 128

    given = trace[roles[Role.PROBABILITIES]].astype(np.int8)
    return Answers(labels[:, 0], parts(given), parts(before), given)


def _surprise(logits: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    """Mean cross-entropy of logits of which the largest of each clip is 0."""
    return float((np.log(np.exp(logits).sum(axis=1)) - (targets * logits).sum(axis=1)).mean())
