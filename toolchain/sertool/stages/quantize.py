"""Stage 2: a width for each layer, and a network that has learned to live with it."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool import laq, training
from sertool.answers import Rule
from sertool.errors import SertoolError
from sertool.experiments.calibrating import calibrate
from sertool.files import write_atomic
from sertool.firmware.pack import layer_bytes
from sertool.graph import Width
from sertool.project import AUTO, BuildFolder, Project
from sertool.project.options import Settings
from sertool.stages.instructions import instruction_costs
from sertool.stages.recordings import stored_material
from sertool.stages.records import CostRecord, QuantizationRecord, belonging
from sertool.targets import load
from sertool.training.backend import one_thread
from sertool.training.keras_network import layer_names

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quantized:
    """The plan, its origin (a strategy or `given`), its bytes, and accuracies on validation, as fractions.

    `bytes` are those of flash that the layers take (`firmware.pack.layer_bytes`). The accuracies are those of
    networks that have not seen the validation part; temperature and rule are chosen by the quantized one of
    them.
    """

    plan: tuple[str, ...]
    origin: str
    bytes: int
    float_validation_accuracy: float
    validation_accuracy: float
    temperature: float
    rule: Rule

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def quantize(project: Project, folder: BuildFolder) -> Quantized:
    """Search for widths, or take the plan given, fine-tune, and write `laq.npz` and `laq.json`.

    Raises SertoolError as `wanted_widths` and `laq.allocate` do.
    """
    searched = training.load(folder.require(folder.search_model, "train"))
    model = training.load(folder.require(folder.float_model, "train"))
    wanted = project.quantization
    plan, budget = wanted_widths(project, model.shape)
    costs = laq.byte_costs(model.shape, layer_bytes)
    data = stored_material(project, folder).training_data()
    for path, network in ((folder.search_model, searched), (folder.float_model, model)):
        _check_network(path, network, data, model.shape)
    with one_thread():
        importance = laq.importance(searched, wanted.importance, data.train)
        search: dict[str, object] = {}
        if plan is None:
            found = laq.allocate(
                searched,
                data,
                importance,
                bytes=costs,
                strategy=wanted.strategy,
                margin=None if wanted.margin is None else wanted.margin / 100,
                budget=budget,
                seed=project.fine_tuning.seed,
            )
            plan, search = found.plan, found.to_dict()
        log.info("plan: %s", laq.format_plan(plan))
        chosen = laq.fine_tune(searched, plan, data, project.fine_tuning)
        quantized = laq.fine_tune(model, plan, data.joined(), project.fine_tuning)
        temperature, rule = calibrate(chosen, data, wanted.coverage)
        result = Quantized(
            tuple(map(str, plan)),
            wanted.strategy if wanted.bits == AUTO else "given",
            costs.of(plan),
            training.evaluate(searched, data.validation).weighted,
            laq.evaluate(laq.integer_graph(chosen), data.validation).weighted,
            temperature,
            rule,
        )
    write_atomic(folder.quantized_model, laq.save(dataclasses.replace(quantized, temperature=temperature)))
    cost = CostRecord(budget.costs.unit, budget.limit, budget.costs.of(plan)) if budget else None
    record = QuantizationRecord(
        **{field.name: getattr(result, field.name) for field in dataclasses.fields(result)},
        settings=Settings(project),
        layers=importance,
        search=search,
        cost=cost,
        files=belonging(folder),
    )
    folder.write(folder.laq, record)
    return result


def _check_network(
    path: Path, network: training.FloatModel, data: training.TrainingData, shape: Sequence[int]
) -> None:
    """Raise SertoolError where a stored network is not of these classes, features and sizes."""
    found = (network.labels, network.input, network.shape)
    if found != (data.labels, data.input, (data.features, *shape[1:])):
        raise SertoolError(
            f"{path.name} is of another network or of other recordings: "
            f"{'-'.join(map(str, network.shape))} for {', '.join(network.labels)}",
            where=path,
            allowed=f"{data.features} features, the classes {', '.join(data.labels)}, and both networks alike",
            hint="run again: sertool train",
        )


def wanted_widths(project: Project, shape: Sequence[int]) -> tuple[tuple[Width, ...] | None, laq.Budget | None]:
    """Return the plan or the budget that the project sets for a network, sizes from inputs to classes.

    Raises SertoolError for a plan that does not fit the network, for a limit that no plan meets or that cannot
    be counted on the target's core, and for a search of too many plans: all that a network's shape decides.
    """
    wanted = project.quantization
    if wanted.bits != AUTO:
        return laq.parse_plan(wanted.bits, layer_names(len(shape) - 1)), None
    if wanted.strategy == "exhaustive":
        laq.check_exhaustive(len(shape) - 1)
    if wanted.max_bytes is not None:
        return None, laq.Budget(wanted.max_bytes, laq.byte_costs(shape, layer_bytes))
    if wanted.max_instructions is not None:
        costs = instruction_costs(shape, load(project.target).core.cpu)
        return None, laq.Budget(wanted.max_instructions, costs)
    return None, None
