"""How right the float network is."""

from __future__ import annotations

from sertool.training.data import Examples
from sertool.training.float_model import FloatModel, predict
from sertool.training.metrics import Accuracy, accuracy


def evaluate(model: FloatModel, examples: Examples) -> Accuracy:
    """Return the float model's accuracy on `examples`."""
    return accuracy(examples.labels, predict(model, examples.features).argmax(axis=1), model.labels)
