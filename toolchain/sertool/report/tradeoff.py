"""The report's account of size against accuracy: what every plan that was tried costs and gives."""

from __future__ import annotations

from dataclasses import dataclass

#: Accuracy that may be given away for a smaller network, as a fraction: half a point.
MARGIN = 0.005


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval, as fractions; all three are equal where there is one run."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mean <= self.high:
            raise ValueError(f"the mean {self.mean} lies outside {self.low} to {self.high}")


@dataclass(frozen=True)
class TradeoffPoint:
    """One network at one plan: how it was made, what it takes, what it gives.

    `bytes` are packed weights, scales and biases; `flash` and `ram` bytes of the whole image, `instructions`
    those of one inference, None where not measured. `accuracy` is weighted, `difference` that of its own float
    network subtracted. `front` tells that no other point is better in one thing and as good in all.
    """

    method: str
    shape: str
    plan: str
    bytes: int
    accuracy: Estimate
    float_accuracy: float
    unweighted: float | None = None
    difference: Estimate | None = None
    flash: int | None = None
    ram: int | None = None
    instructions: int | None = None
    front: bool = False

    def __post_init__(self) -> None:
        if self.bytes < 1:
            raise ValueError(f"a network of {self.bytes} bytes")


@dataclass(frozen=True)
class Tradeoff:
    """Points of one corpus under one protocol, measured on `basis`: `test` or `validation`.

    `runs` says over what means and intervals are, such as `10 seeds`.
    """

    corpus: str
    protocol: str
    descriptors: str
    basis: str
    runs: str
    points: tuple[TradeoffPoint, ...]

    def __post_init__(self) -> None:
        if self.basis not in ("test", "validation"):
            raise ValueError(f"accuracy on {self.basis}: test or validation")
        if not self.points:
            raise ValueError("a trade-off without a point")


def advised(tradeoff: Tradeoff, flash: int | None = None) -> TradeoffPoint | None:
    """Return the smallest point that fits `flash` bytes and is as good as the best that does.

    As good: within half a point of the best mean. Where images were not measured, the model's bytes have to
    fit. None where nothing fits.
    """

    def size(point: TradeoffPoint) -> int:
        return point.bytes if point.flash is None else point.flash

    fitting = [point for point in tradeoff.points if flash is None or size(point) <= flash]
    if not fitting:
        return None
    best = max(point.accuracy.mean for point in fitting)
    good = [point for point in fitting if point.accuracy.mean >= best - MARGIN]
    return min(good, key=lambda point: (size(point), -point.accuracy.mean))
