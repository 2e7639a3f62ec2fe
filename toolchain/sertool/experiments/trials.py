"""Trials: a way to a small network, what it starts from and what it may spend; and how each way is gone.

A trial never sees test clips: it gets a `Workshop`, which holds what training may see, and returns a
`Candidate`. What is chosen (widths) is chosen with a float network that has not seen the validation part; what
is kept is trained on both parts, once everything is chosen, unless the validation part is to judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from sertool import baselines, laq, training
from sertool.answers import UNCHOSEN, Rule
from sertool.baselines import Candidate
from sertool.errors import SertoolError
from sertool.experiments.calibrating import calibrate
from sertool.firmware.pack import layer_bytes
from sertool.graph import Width
from sertool.laq import ImportanceConfig
from sertool.training import FineTuningConfig, FloatModel, TrainingConfig, TrainingData
from sertool.training.keras_network import layer_names

Made = TypeVar("Made")


@dataclass(frozen=True)
class Trial:
    """One way: on a network with `hidden` layers, at a given `plan`, or within a `limit`.

    The limit is in bytes of flash, or in the unit of `costs`. A strategy may have a limit or a `margin`, a
    fraction of accuracy that it may lose, or neither; `importance` is what ranks the layers for it. Ways that
    choose their own network have a limit and leave `hidden` empty. Raises SertoolError for an unknown way, and
    for one that is told too little or too much.
    """

    method: str
    hidden: tuple[int, ...] = ()
    limit: int | None = None
    plan: str | None = None
    margin: float | None = None
    importance: ImportanceConfig = field(default_factory=ImportanceConfig)
    costs: laq.Costs | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SertoolError(f"unknown method: {self.method}", allowed=", ".join(METHODS))
        given, limited = self.method in GIVEN, self.method in LIMITED
        if (
            given != (self.plan is not None)
            or (given and self.limit is not None)
            or (limited and self.limit is None)
            or (self.method in OWN_NETWORK and self.hidden)
        ):
            raise SertoolError(
                f"method {self.method} with hidden {self.hidden}, limit {self.limit} and plan {self.plan}",
                allowed=f"a plan for {', '.join(GIVEN)}, a limit for {', '.join(LIMITED)}; "
                f"hidden layers, but not for {', '.join(OWN_NETWORK)}",
            )

    @property
    def wanted(self) -> str:
        """The plan as it is asked for: in widths, or by a method and its limit."""
        return self.plan or (self.method if self.limit is None else f"{self.method}:{self.limit}")

    @property
    def way(self) -> str:
        """How widths come about: `uniform` for one width everywhere, else the method."""
        return "uniform" if self.method == "given" and "," not in str(self.plan) else self.method


@dataclass(frozen=True)
class Recipe:
    """How networks are trained and fine-tuned, seeds included; each trial puts its own hidden sizes in.

    Where they are `judged` by the validation part, no training sees it. Where there is a `coverage`, each
    network that is kept gets the temperature that is best for one which has not seen that part, and a rule by
    which that one is sure of `coverage` of 100 clips there.
    """

    training: TrainingConfig
    fine_tuning: FineTuningConfig
    judged: bool = False
    coverage: int | None = None


class Workshop:
    """One case's training data and the networks made of it so far, so that trials share what they can."""

    def __init__(self, data: TrainingData, recipe: Recipe) -> None:
        self.data = data
        self.recipe = recipe
        self.kept_data = data if recipe.judged else data.joined()
        self._made: dict[tuple[object, ...], object] = {}

    def searched(self, hidden: Sequence[int]) -> FloatModel:
        """Return the float network to choose with: trained without the validation part."""
        return self._float(hidden, self.data, "search")

    def final(self, hidden: Sequence[int]) -> FloatModel:
        """Return the float network to keep: trained on both parts; where it is judged, the searched one."""
        return self.searched(hidden) if self.recipe.judged else self._float(hidden, self.kept_data, "final")

    def fine_tuned(self, hidden: Sequence[int], plan: tuple[Width, ...]) -> laq.QuantizedModel:
        """Return the final network, fine-tuned at `plan` on what it was trained on."""
        return self._once(
            (*hidden, plan),
            lambda: laq.fine_tune(self.final(hidden), plan, self.kept_data, self.recipe.fine_tuning),
        )

    def calibrated(self, hidden: Sequence[int], plan: tuple[Width, ...], coverage: int) -> tuple[float, Rule]:
        """Choose temperature and rule by validation, with the searched network fine-tuned at `plan`."""
        model = laq.fine_tune(self.searched(hidden), plan, self.data, self.recipe.fine_tuning)
        return calibrate(model, self.data, coverage)

    def allocated(self, strategy: str, trial: Trial) -> tuple[Width, ...]:
        """Return the plan that a strategy finds for the searched network within a trial's limit or margin."""

        def find() -> tuple[Width, ...]:
            model = self.searched(trial.hidden)
            ranking = laq.importance(model, trial.importance, self.data.train)
            costs = laq.byte_costs(model.shape, layer_bytes)
            return laq.allocate(
                model,
                self.data,
                ranking,
                bytes=costs,
                strategy=strategy,
                margin=trial.margin,
                budget=None if trial.limit is None else laq.Budget(trial.limit, trial.costs or costs),
                seed=self.recipe.fine_tuning.seed,
            ).plan

        return self._once((strategy, replace(trial, method=strategy)), find)

    def _float(self, hidden: Sequence[int], data: TrainingData, purpose: str) -> FloatModel:
        config = replace(self.recipe.training, hidden=tuple(hidden))
        return self._once((purpose, *hidden), lambda: training.fit(data, config)[0])

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])


Method = Callable[[Workshop, Trial], Candidate]


def attempt(workshop: Workshop, trial: Trial) -> Candidate:
    """Go a trial's way. Raises SertoolError as training, quantization and baselines do."""
    return METHODS[trial.method](workshop, trial)


def _allocating(strategy: str, measure: str | None = None, *, fine_tuned: bool = True) -> Method:
    def method(workshop: Workshop, trial: Trial) -> Candidate:
        ranking = replace(trial.importance, measure=measure) if measure else trial.importance
        plan = workshop.allocated(strategy, replace(trial, importance=ranking))
        return _quantized(workshop, trial.hidden, plan, fine_tuned)

    return method


def _given(*, fine_tuned: bool) -> Method:
    def method(workshop: Workshop, trial: Trial) -> Candidate:
        assert trial.plan is not None
        plan = laq.parse_plan(trial.plan, layer_names(len(trial.hidden) + 1))
        return _quantized(workshop, trial.hidden, plan, fine_tuned)

    return method


def _quantized(
    workshop: Workshop, hidden: tuple[int, ...], plan: tuple[Width, ...], fine_tuned: bool
) -> Candidate:
    real = workshop.final(hidden)
    if fine_tuned:
        model = workshop.fine_tuned(hidden, plan)
    else:
        model = laq.quantize(real, plan, workshop.kept_data.train.features)
    rule, coverage = UNCHOSEN, workshop.recipe.coverage
    if coverage is not None:
        temperature, rule = workshop.calibrated(hidden, plan, coverage)
        model = replace(model, temperature=temperature)
    size = laq.byte_costs(real.shape, layer_bytes).of(plan)
    return Candidate(laq.format_plan(plan), size, real, laq.integer_graph(model), model.temperature, rule)


def _limit(trial: Trial) -> int:
    assert trial.limit is not None
    return trial.limit


GIVEN = ("given", "given, post-training")
OWN_NETWORK = ("TFLite int8", "int4", "smaller, 8 bit", "clustering")
#: Ways that need a limit.
LIMITED = ("budget", "pruning", *OWN_NETWORK)

METHODS: dict[str, Method] = {
    **{name: _allocating(name) for name in laq.STRATEGIES},
    "laq, gradient": _allocating("laq", "gradient"),
    "laq, hessian": _allocating("laq", "hessian"),
    "laq, post-training": _allocating("laq", fine_tuned=False),
    "given": _given(fine_tuned=True),
    "given, post-training": _given(fine_tuned=False),
    "TFLite int8": lambda shop, trial: baselines.int8(shop.final, shop.kept_data, _limit(trial), layer_bytes),
    "int4": lambda shop, trial: baselines.int4(shop.final, shop.kept_data, _limit(trial), layer_bytes),
    "smaller, 8 bit": lambda shop, trial: baselines.smaller(
        shop.final, shop.kept_data, _limit(trial), shop.recipe.fine_tuning, layer_bytes
    ),
    "clustering": lambda shop, trial: baselines.clustering(
        shop.final, shop.kept_data, _limit(trial), shop.recipe.fine_tuning, layer_bytes
    ),
    "pruning": lambda shop, trial: baselines.pruning(
        shop.final(trial.hidden), shop.kept_data, _limit(trial), shop.recipe.fine_tuning, layer_bytes
    ),
}
