"""What every allocation strategy gets and gives: one signature, so that strategies can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sertool.errors import SertoolError
from sertool.graph import TERNARY, Width
from sertool.laq.importance import LayerImportance
from sertool.laq.plan import format_plan

#: What a search may choose from, narrow to wide. Two bits hold the codes of ternary and are no other choice.
WIDTHS = (Width(1), TERNARY, *(Width(bits) for bits in range(3, 9)))

#: The accuracy, a fraction, that a search may give away where nothing else is said: LAQ's 0.5 %.
MARGIN = 0.005

Plan = tuple[Width, ...]


@dataclass(frozen=True)
class Score:
    """How a plan does on validation without retraining: accuracy, a fraction, and mean cross-entropy in nats.

    A score is above another when its accuracy is, or when that is equal and its loss is lower.
    """

    accuracy: float
    loss: float

    def __lt__(self, other: Score) -> bool:
        return (self.accuracy, -self.loss) < (other.accuracy, -other.loss)


#: Bytes of a layer of so many outputs and inputs at a width; without inputs, of all but its weights.
LayerBytes = Callable[[int, int, Width], int]

Evaluate = Callable[[Plan], Score]


@dataclass(frozen=True)
class Costs:
    """What each layer takes at each width, in `unit` ("bytes" or "instructions"), and `fixed` for the rest.

    Costs add up: the cost of a plan is `fixed` and the sum over its layers.
    """

    unit: Literal["bytes", "instructions"]
    layers: tuple[Mapping[Width, int], ...]
    fixed: int = 0

    def of(self, plan: Sequence[Width]) -> int:
        """Return the cost of a plan."""
        return self.fixed + sum(costs[width] for costs, width in zip(self.layers, plan, strict=True))


@dataclass(frozen=True)
class Budget:
    """At most `limit` by `costs`. Raises SertoolError for a limit that no plan meets, naming the nearest."""

    limit: int
    costs: Costs

    def __post_init__(self) -> None:
        cheapest = tuple(min(WIDTHS, key=costs.__getitem__) for costs in self.costs.layers)
        least = self.costs.of(cheapest)
        if least > self.limit:
            raise SertoolError(
                f"no plan takes {self.limit:,} {self.costs.unit} or less",
                allowed=f"{least:,} or more: that is plan {format_plan(cheapest)}",
                hint="allow more, or train a smaller network (training.hidden)",
            )

    def allows(self, plan: Sequence[Width]) -> bool:
        """Whether a plan costs no more than the limit."""
        return self.costs.of(plan) <= self.limit


@dataclass(frozen=True)
class AllocationProblem:
    """What a strategy has to go by.

    `importance` has one entry a layer, first to last; `evaluate` scores a plan on validation; `deviation`
    gives, for each layer and width, how far the outputs move when that layer alone is quantized; `margin` is
    the accuracy, a fraction, that may be lost against 8 bits everywhere, and `budget`, where there is one,
    what a plan may cost: with a budget the margin gives way. `bytes` are the costs by which plans of equal
    merit are told apart. `seed` decides where a strategy draws. There is no test data in reach. Raises
    SertoolError for a margin out of range, and for costs that are those of another network.
    """

    importance: tuple[LayerImportance, ...]
    evaluate: Evaluate
    deviation: Callable[[int, Width], float]
    bytes: Costs
    margin: float = MARGIN
    budget: Budget | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise SertoolError(f"a margin of {self.margin} cannot be used", allowed="a fraction, 0 to below 1")
        for costs in (self.bytes, *([self.budget.costs] if self.budget else [])):
            if len(costs.layers) != self.count:
                raise SertoolError(
                    f"these {costs.unit} are those of another network: {len(costs.layers)} layers",
                    allowed=f"{self.count} layers: {', '.join(layer.name for layer in self.importance)}",
                )

    @property
    def count(self) -> int:
        """Number of layers."""
        return len(self.importance)

    @property
    def widest(self) -> Plan:
        """8 bits everywhere: what losses are measured against."""
        return (WIDTHS[-1],) * self.count


@dataclass(frozen=True)
class AllocationStep:
    """One trial: `layer` at `width`, all else as decided so far; its score, and whether it was kept."""

    layer: str
    width: Width
    score: Score
    kept: bool

    def to_dict(self) -> dict[str, object]:
        """Return the trial as JSON types."""
        return {
            "layer": self.layer,
            "width": str(self.width),
            "accuracy": self.score.accuracy,
            "loss": self.score.loss,
            "kept": self.kept,
        }


@dataclass(frozen=True)
class Allocation:
    """The plan found, its score and that of 8 bits everywhere (both before retraining), and how it was found.

    `margin` is the one that the plan was found with: the problem's, or a wider one that the budget asked for.
    """

    plan: Plan
    score: Score
    baseline: Score
    bytes: int
    margin: float | None = None
    steps: tuple[AllocationStep, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the allocation as JSON types."""
        return {
            "plan": format_plan(self.plan),
            "accuracy": self.score.accuracy,
            "loss": self.score.loss,
            "baseline_accuracy": self.baseline.accuracy,
            "baseline_loss": self.baseline.loss,
            "bytes": self.bytes,
            "margin": self.margin,
            "steps": [step.to_dict() for step in self.steps],
        }


Strategy = Callable[[AllocationProblem], Allocation]
