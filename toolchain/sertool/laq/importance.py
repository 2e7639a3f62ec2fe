"""How much a layer matters, from its weights alone: a reconstruction of LAQ's published importance.

Three terms, each from 0 to 1: the layer's share of all parameters, NP; the entropy of its weights' histogram,
NE, over the histogram's greatest; and the spread of its weights, NV = log(e - 1 + Var / max Var), the greatest
variance being that of any layer. Published formulas differ in the terms they add and in the sign of NV, so
weights and sign are options.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.training.model import FloatModel


@dataclass(frozen=True)
class ImportanceConfig:
    """Weights of the three terms, the entropy histogram's `bins`, and whether NV counts as 1 - NV.

    Raises SertoolError for a negative weight, weights that are all 0, or fewer than 2 bins.
    """

    proportion: float = 1.0
    entropy: float = 1.0
    variance: float = 1.0
    invert_variance: bool = False
    bins: int = 256

    def __post_init__(self) -> None:
        weights = (self.proportion, self.entropy, self.variance)
        if min(weights) < 0 or not sum(weights) > 0 or not math.isfinite(sum(weights)):
            raise SertoolError(
                f"importance weights {weights} cannot be used", allowed="0 and above, at least one above 0"
            )
        if self.bins < 2:
            raise SertoolError(f"{self.bins} bins make no histogram", allowed="2 bins or more")


@dataclass(frozen=True)
class LayerImportance:
    """One layer's terms and the `value` that they combine to, all from 0 to 1."""

    name: str
    proportion: float
    entropy: float
    variance: float
    value: float

    def to_dict(self) -> dict[str, object]:
        """Return the terms as JSON types."""
        return asdict(self)


def importance(model: FloatModel, config: ImportanceConfig | None = None) -> tuple[LayerImportance, ...]:
    """Return the importance of each layer, first to last."""
    config = config or ImportanceConfig()
    variances = [float(np.var(layer.weights, dtype=np.float64)) for layer in model.layers]
    widest = max(variances) or 1.0
    rows = []
    for layer, spread in zip(model.layers, variances, strict=True):
        proportion = layer.parameters / model.parameters
        entropy = histogram_entropy(layer.weights, config.bins)
        variance = math.log(math.e - 1 + spread / widest)
        counted = 1 - variance if config.invert_variance else variance
        total = config.proportion * proportion + config.entropy * entropy + config.variance * counted
        value = total / (config.proportion + config.entropy + config.variance)
        rows.append(LayerImportance(layer.name, proportion, entropy, variance, value))
    return tuple(rows)


def histogram_entropy(weights: NDArray[np.float32], bins: int) -> float:
    """Return the entropy of a histogram between least and greatest weight, as a share of log(bins)."""
    counts = np.histogram(weights, bins)[0]
    shares = counts[counts > 0] / weights.size
    return float(-(shares * np.log(shares)).sum() / math.log(bins)) + 0.0
