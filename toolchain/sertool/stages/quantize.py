"""Stage 2: a width for each layer, and a network that has learned to live with it."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass

from sertool import laq, training
from sertool.files import write_atomic
from sertool.project import BuildFolder, Project
from sertool.stages.recordings import stored_material

log = logging.getLogger(__name__)

AUTO = "auto"


@dataclass(frozen=True)
class Quantized:
    """The plan, how it came about (`laq` or `given`), and accuracies on validation, as fractions."""

    plan: tuple[str, ...]
    origin: str
    float_validation_accuracy: float
    validation_accuracy: float

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def quantize(project: Project, folder: BuildFolder) -> Quantized:
    """Choose widths by LAQ, or take the plan given, fine-tune, and write `laq.npz` and `laq.json`.

    Raises SertoolError for a plan that does not fit the network.
    """
    model = training.load(folder.require(folder.float_model, "train"))
    bits = project.quantization.bits
    # A malformed plan is told before the recordings are read.
    plan = None if bits == AUTO else laq.parse_plan(bits, [layer.name for layer in model.layers])
    material = stored_material(project, folder)
    data = material.training_data()
    importance = laq.importance(model)
    steps: list[dict[str, object]] = []
    if plan is None:
        allocation = laq.allocate(model, data, importance, margin=project.quantization.margin / 100)
        plan, steps = allocation.plan, [step.to_dict() for step in allocation.steps]
    log.info("plan: %s", ",".join(map(str, plan)))
    quantized = laq.fine_tune(model, plan, data, project.fine_tuning)
    graph = laq.integer_graph(quantized)
    result = Quantized(
        tuple(map(str, plan)),
        "laq" if bits == AUTO else "given",
        training.evaluate(model, data.validation).weighted,
        laq.evaluate(graph, data.validation).weighted,
    )
    folder.write_json(
        folder.laq,
        {
            **result.to_dict(),
            "margin": project.quantization.margin,
            "layers": [term.to_dict() for term in importance],
            "steps": steps,
        },
    )
    write_atomic(folder.quantized_model, laq.save(quantized))
    return result
