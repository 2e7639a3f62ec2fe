"""Scoring plans without retraining: post-training quantization, run by the integer reference on validation.

Finding the steps of a layer's weights is what takes time, and depends on layer and width alone, so each is
found once; a plan's ranges and biases are calibrated anew, because they depend on the layers before.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph import Width, reference
from sertool.laq.allocation.problem import WIDTHS, Plan, Score
from sertool.laq.integer import integer_graph
from sertool.laq.post_training import quantize, quantize_weights
from sertool.training.data import Examples, TrainingData
from sertool.training.float_model import FloatModel, predict

_CALIBRATION_CLIPS = 512


class PostTraining:
    """Scores plans of one float model; calibrates on at most 512 training clips, evenly spread."""

    def __init__(self, model: FloatModel, data: TrainingData) -> None:
        clips = np.linspace(0, len(data.train) - 1, min(len(data.train), _CALIBRATION_CLIPS)).astype(int)
        self._model = model
        self._calibration = data.train.features[clips]
        self._validation = data.validation
        self._weights = functools.cache(quantize_weights)
        self._scores: dict[Plan, Score] = {}
        self._logits: NDArray[np.float64] | None = None

    def evaluate(self, plan: Plan) -> Score:
        """Return the plan's score on the validation part."""
        if plan not in self._scores:
            self._scores[plan] = score(self.logits(plan), self._validation)
        return self._scores[plan]

    def deviation(self, layer: int, width: Width) -> float:
        """Return how far validation logits move when `layer` alone has `width`, the others 8 bits.

        That is the mean square of the difference from the float network's logits, as a share of theirs.
        """
        if self._logits is None:
            self._logits = predict(self._model, self._validation.features).astype(np.float64)
        plan = tuple(width if index == layer else WIDTHS[-1] for index in range(len(self._model.layers)))
        moved = np.square(self.logits(plan) - self._logits).mean()
        return float(moved / max(float(np.square(self._logits).mean()), 1e-12))

    def logits(self, plan: Plan) -> NDArray[np.float64]:
        """Return the validation clips' logits, float64 (clips, classes), that the integers stand for."""
        graph = integer_graph(quantize(self._model, plan, self._calibration, weights=self._weights))
        scale = graph.logits.quantization
        values: NDArray[Any] = reference.run(graph, self._validation.features)[graph.logits.name]
        return (values.astype(np.float64) - scale.zero_point) * scale.scale


def score(logits: NDArray[np.float64], examples: Examples) -> Score:
    """Return accuracy and mean cross-entropy of logits (clips, classes) on `examples`."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    surprise = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(examples)), examples.labels]
    return Score(float((logits.argmax(axis=1) == examples.labels).mean()), float(surprise.mean()))
