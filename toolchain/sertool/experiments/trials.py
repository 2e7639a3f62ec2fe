"""Trials: a way to a small network, what it starts from and what it may spend; and how each way is gone.

A trial never sees test clips: it gets a `Workshop`, which holds what training may see, and returns a
`Candidate`. What is chosen (widths) is chosen with a float network that has not seen the validation part; what
is kept is trained on both parts, once everything is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from sertool import baselines, laq, training
from sertool.baselines import Candidate
from sertool.errors import SertoolError
from sertool.experiments.cases import Experiment
from sertool.firmware.pack import layer_bytes
from sertool.graph import Width
from sertool.training import FloatModel, TrainingData

Made = TypeVar("Made")


@dataclass(frozen=True)
class Trial:
    """One way: on a network with `hidden` layers, within `limit` bytes or at a given `plan`.

    Ways that choose their own network leave `hidden` empty. Raises SertoolError for an unknown way, and for one
    that is told too little or too much.
    """

    method: str
    hidden: tuple[int, ...] = ()
    limit: int | None = None
    plan: str | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SertoolError(f"unknown method: {self.method}", allowed=", ".join(METHODS))
        given, own = self.method in GIVEN, self.method in OWN_NETWORK
        if (given, not given, own) != (self.plan is not None, self.limit is not None, not self.hidden):
            raise SertoolError(
                f"method {self.method} with hidden {self.hidden}, limit {self.limit} and plan {self.plan}",
                allowed=f"a plan for {', '.join(GIVEN)}, a limit in bytes for the others; "
                f"hidden layers, but not for {', '.join(OWN_NETWORK)}",
            )


class Workshop:
    """One case's training data and the networks made of it so far, so that trials share what they can."""

    def __init__(self, data: TrainingData, experiment: Experiment, seed: int) -> None:
        self.data = data
        self.joined = data.joined()
        self.seed = seed
        self.training = replace(experiment.training, seed=seed)
        self.fine_tuning = replace(experiment.fine_tuning, seed=seed)
        self._made: dict[tuple[object, ...], object] = {}

    def searched(self, hidden: Sequence[int]) -> FloatModel:
        """Return the float network to choose with: trained without the validation part."""
        return self._float(hidden, self.data, "search")

    def final(self, hidden: Sequence[int]) -> FloatModel:
        """Return the float network to keep: trained on both parts."""
        return self._float(hidden, self.joined, "final")

    def fine_tuned(self, hidden: Sequence[int], plan: tuple[Width, ...]) -> laq.QuantizedModel:
        """Return the final network, fine-tuned on both parts at `plan`."""
        return self._once(
            (*hidden, plan), lambda: laq.fine_tune(self.final(hidden), plan, self.joined, self.fine_tuning)
        )

    def allocated(self, strategy: str, measure: str, hidden: Sequence[int], limit: int) -> tuple[Width, ...]:
        """Return the plan that a strategy finds for the searched network within `limit` bytes."""

        def find() -> tuple[Width, ...]:
            model = self.searched(hidden)
            ranking = laq.importance(model, laq.ImportanceConfig(measure=measure), self.data.train)
            costs = laq.byte_costs(model.shape, layer_bytes)
            budget = laq.Budget(limit, costs)
            return laq.allocate(
                model, self.data, ranking, bytes=costs, strategy=strategy, budget=budget, seed=self.seed
            ).plan

        return self._once((strategy, measure, *hidden, limit), find)

    def _float(self, hidden: Sequence[int], data: TrainingData, purpose: str) -> FloatModel:
        config = replace(self.training, hidden=tuple(hidden))
        return self._once((purpose, *hidden), lambda: training.fit(data, config)[0])

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])


Method = Callable[[Workshop, Trial], Candidate]


def attempt(workshop: Workshop, trial: Trial) -> Candidate:
    """Go a trial's way. Raises SertoolError as training, quantization and baselines do."""
    return METHODS[trial.method](workshop, trial)


def _allocating(strategy: str, measure: str = "laq", *, fine_tuned: bool = True) -> Method:
    def method(workshop: Workshop, trial: Trial) -> Candidate:
        plan = workshop.allocated(strategy, measure, trial.hidden, _limit(trial))
        return _quantized(workshop, trial.hidden, plan, fine_tuned)

    return method


def _given(*, fine_tuned: bool) -> Method:
    def method(workshop: Workshop, trial: Trial) -> Candidate:
        assert trial.plan is not None
        plan = laq.parse_plan(trial.plan, [f"layer {number + 1}" for number in range(len(trial.hidden) + 1)])
        return _quantized(workshop, trial.hidden, plan, fine_tuned)

    return method


def _quantized(
    workshop: Workshop, hidden: tuple[int, ...], plan: tuple[Width, ...], fine_tuned: bool
) -> Candidate:
    real = workshop.final(hidden)
    if fine_tuned:
        model = workshop.fine_tuned(hidden, plan)
    else:
        model = laq.quantize(real, plan, workshop.joined.train.features)
    size = laq.byte_costs(real.shape, layer_bytes).of(plan)
    return Candidate(laq.format_plan(plan), size, real, laq.integer_graph(model))


def _limit(trial: Trial) -> int:
    assert trial.limit is not None
    return trial.limit


GIVEN = ("given", "given, post-training")
OWN_NETWORK = ("TFLite int8", "int4", "smaller, 8 bit", "clustering")

METHODS: dict[str, Method] = {
    **{name: _allocating(name) for name in ("laq", "budget", "uniform", "random-order")},
    "laq, gradient": _allocating("laq", "gradient"),
    "laq, hessian": _allocating("laq", "hessian"),
    "laq, post-training": _allocating("laq", fine_tuned=False),
    "given": _given(fine_tuned=True),
    "given, post-training": _given(fine_tuned=False),
    "TFLite int8": lambda shop, trial: baselines.int8(shop.final, shop.joined, _limit(trial), layer_bytes),
    "int4": lambda shop, trial: baselines.int4(shop.final, shop.joined, _limit(trial), layer_bytes),
    "smaller, 8 bit": lambda shop, trial: baselines.smaller(
        shop.final, shop.joined, _limit(trial), shop.fine_tuning, layer_bytes
    ),
    "clustering": lambda shop, trial: baselines.clustering(
        shop.final, shop.joined, _limit(trial), shop.fine_tuning, layer_bytes
    ),
    "pruning": lambda shop, trial: baselines.pruning(
        shop.final(trial.hidden), shop.joined, _limit(trial), shop.fine_tuning, layer_bytes
    ),
}
