"""How much a layer matters: a reconstruction of LAQ's published importance, and rivals for it.

LAQ's looks at weights alone and has three terms, each from 0 to 1: the layer's share of all parameters, NP;
the entropy of its weights' histogram, NE, over the histogram's greatest; and the spread of its weights, NV =
log(e - 1 + Var / max Var), the greatest variance being that of any layer. Published formulas differ in the
terms they add and in the sign of NV, so weights and sign are options. The rivals are the sensitivities of
`sertool.laq.sensitivity`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.laq.sensitivity import gradient, hessian
from sertool.plain_values import Between, Name
from sertool.training.data import Examples
from sertool.training.float_model import FloatModel

#: LAQ's three terms, or how much the loss feels the weights, to first or to second order.
MEASURES = ("laq", "gradient", "hessian")


@dataclass(frozen=True)
class ImportanceConfig:
    """What importance is: `measure` is `laq`, or `gradient` or `hessian` for a sensitivity in its place.

    For `laq`: the weights of the three terms, the entropy histogram's `bins`, and whether NV counts as 1 - NV.
    Raises SertoolError for an unknown measure, a negative weight, weights that are all 0, and for fewer than 2
    or more than 65,536 bins.
    """

    proportion: float = 1.0
    entropy: float = 1.0
    variance: float = 1.0
    invert_variance: bool = False
    bins: int = 256
    measure: str = "laq"

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise SertoolError(f"unknown measure of importance: {self.measure}", allowed=", ".join(MEASURES))
        weights = (self.proportion, self.entropy, self.variance)
        if min(weights) < 0 or not sum(weights) > 0 or not math.isfinite(sum(weights)):
            raise SertoolError(
                f"importance weights {weights} cannot be used", allowed="0 and above, at least one above 0"
            )
        if not 2 <= self.bins <= 65536:
            raise SertoolError(f"{self.bins} bins make no histogram", allowed="2 to 65,536 bins")


#: From 0 to 1, give or take the rounding of sums.
Term = Annotated[float, Between(-1e-9, 1 + 1e-9)]


@dataclass(frozen=True)
class LayerImportance:
    """LAQ's terms and the rivals' sensitivities for one layer, and the `value` that ranks it; all from 0 to 1.

    `gradient` and `hessian` are shares of the greatest of any layer, None where there were no clips to look at.
    `value` is one of them where that is the measure, else what the terms combine to.
    """

    name: Name
    proportion: Term
    entropy: Term
    variance: Term
    value: Term
    gradient: Term | None = None
    hessian: Term | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the terms as JSON types."""
        return asdict(self)


def importance(
    model: FloatModel, config: ImportanceConfig | None = None, examples: Examples | None = None
) -> tuple[LayerImportance, ...]:
    """Return the importance of each layer, first to last.

    `examples` are training clips, which sensitivities look at: raises SertoolError where the measure is one and
    has none.
    """
    config = config or ImportanceConfig()
    if not examples and config.measure != "laq":
        raise SertoolError(f"the measure {config.measure} has no clips to look at", allowed="training examples")
    gradients = _shares(gradient(model, examples)) if examples else [None] * len(model.layers)
    hessians = _shares(hessian(model, examples)) if examples else [None] * len(model.layers)
    variances = [float(np.var(layer.weights, dtype=np.float64)) for layer in model.layers]
    widest = max(variances) or 1.0
    rows = []
    for layer, spread, first, second in zip(model.layers, variances, gradients, hessians, strict=True):
        proportion = layer.parameters / model.parameters
        entropy = histogram_entropy(layer.weights, config.bins)
        variance = math.log(math.e - 1 + spread / widest)
        counted = 1 - variance if config.invert_variance else variance
        total = config.proportion * proportion + config.entropy * entropy + config.variance * counted
        combined = total / (config.proportion + config.entropy + config.variance)
        value = {"gradient": first, "hessian": second}.get(config.measure)
        value = combined if value is None else value
        rows.append(LayerImportance(layer.name, proportion, entropy, variance, value, first, second))
    return tuple(rows)


def _shares(values: Sequence[float]) -> list[float]:
    greatest = max(values) or 1.0
    return [value / greatest for value in values]


def histogram_entropy(weights: NDArray[np.float32], bins: int) -> float:
    """Return the entropy of a histogram between least and greatest weight, as a share of log(bins)."""
    counts = np.histogram(weights, bins)[0]
    shares = counts[counts > 0] / weights.size
    return float(-(shares * np.log(shares)).sum() / math.log(bins)) + 0.0
