"""A smaller network at 8 bits, fine-tuned as LAQ's are: the same bytes spent on bits instead of units."""

from __future__ import annotations

from sertool import laq
from sertool.baselines.candidate import Candidate, MakeFloat
from sertool.baselines.shapes import fitting_hidden
from sertool.graph import Width
from sertool.training import FineTuningConfig, TrainingData

_WIDTH = Width(8)


def smaller(
    make: MakeFloat, data: TrainingData, limit: int, config: FineTuningConfig, layer_bytes: laq.LayerBytes
) -> Candidate:
    """Fine-tune the widest network that fits at 8 bits. Raises SertoolError where nothing fits."""
    model = make(fitting_hidden(data.features, len(data.labels), limit, _WIDTH, layer_bytes))
    quantized = laq.fine_tune(model, [_WIDTH] * len(model.layers), data, config)
    size = laq.byte_costs(model.shape, layer_bytes).of(quantized.plan)
    return Candidate(laq.format_plan(quantized.plan), size, model, laq.integer_graph(quantized))
