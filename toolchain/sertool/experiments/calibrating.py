"""What a network's answers are believed by, chosen on validation: a temperature, and a rule."""

from __future__ import annotations

from dataclasses import replace

from sertool import answers, laq
from sertool.answers import Rule
from sertool.training import TrainingData


def calibrate(model: laq.QuantizedModel, data: TrainingData, coverage: int) -> tuple[float, Rule]:
    """Choose temperature and rule for a network like `model`, which must not have seen the validation part.

    It is sure of `coverage` of 100 clips of that part.
    """
    temperature = laq.best_temperature(laq.integer_graph(model), data.validation)
    graph = laq.integer_graph(replace(model, temperature=temperature))
    heard = laq.answers(graph, data.validation.features, temperature)
    return temperature, answers.choose(data.train.features, heard.confidence, coverage)
