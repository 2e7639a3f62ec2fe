"""The report's account of size against accuracy: what every plan that was tried costs and gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sertool.graph.quantization import Width
from sertool.report import codec


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval, as fractions; all three are equal where there is one run."""

    mean: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mean <= self.high:
            raise ValueError(f"the mean {self.mean:g} lies outside {self.low:g} to {self.high:g}")
        if not -1 <= self.mean <= 1:
            raise ValueError(f"{self.mean:g} is no fraction")
        if not math.isfinite(self.high - self.low):
            raise ValueError(f"the interval from {self.low:g} to {self.high:g} has no end")


@dataclass(frozen=True)
class TradeoffPoint:
    """One network at one plan: how it was made, what it takes, what it gives.

    `plan` is the most frequent of the `plans` that its runs got. `bytes` are of flash that the layers take;
    `flash` and `ram` bytes of the whole image, `instructions` those of one inference, None where not measured.
    `accuracy` is weighted, over `seeds` and `folds`; `difference` is that of its own float network subtracted,
    run by run. Where accuracy is of validation, `test` and `test_difference` are the same on the test part.
    `front` tells that no other point is better in one thing and as good in all.
    """

    method: str
    shape: str
    plan: str
    bytes: int
    accuracy: Estimate
    float_accuracy: float
    difference: Estimate
    seeds: int
    folds: int = 1
    plans: int = 1
    unweighted: float | None = None
    test: Estimate | None = None
    test_difference: Estimate | None = None
    flash: int | None = None
    ram: int | None = None
    instructions: int | None = None
    front: bool = False

    def __post_init__(self) -> None:
        counts = ("bytes", "seeds", "folds", "plans", "flash", "ram", "instructions")
        for name in counts:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} = {value}")
        fractions = [self.accuracy.mean, self.float_accuracy]
        fractions += [] if self.unweighted is None else [self.unweighted]
        fractions += [] if self.test is None else [self.test.mean]
        for fraction in fractions:
            if not 0 <= fraction <= 1:
                raise ValueError(f"an accuracy of {fraction:g}, where 0 to 1 is possible")
        if (self.test is None) != (self.test_difference is None):
            raise ValueError("accuracy on test without its difference from float, or the other way round")
        widths = [Width.parse(word) for word in self.plan.split(",")]
        if len(widths) != self.shape.count("-"):
            raise ValueError(f"the plan {self.plan} is not one of a network {self.shape}")

    @property
    def runs(self) -> int:
        """Number of runs: every seed of every fold."""
        return self.seeds * self.folds

    @property
    def repeats(self) -> int:
        """Number of values that intervals are of: folds, else seeds; one alone has no interval."""
        return self.folds if self.folds > 1 else self.seeds


@dataclass(frozen=True)
class Tradeoff:
    """Points of one corpus under one protocol, their accuracy measured on `basis`: `test` or `validation`.

    `manifests` are the SHA-256 of what the points were measured with, where that is recorded.
    """

    corpus: str
    protocol: str
    descriptors: str
    basis: str
    points: tuple[TradeoffPoint, ...]
    manifests: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.basis not in ("test", "validation"):
            raise ValueError(f"accuracy on {self.basis}: test or validation")
        if not self.points:
            raise ValueError("a trade-off without a point")

    @property
    def imaged(self) -> bool:
        """Whether the image of every point was measured, so that flash can stand for size."""
        return all(point.flash is not None for point in self.points)

    @property
    def costs(self) -> tuple[str, ...]:
        """Fields of the points that the front is of, beside accuracy: what was measured of all of them."""
        # Bytes of the model are in the image's flash already.
        names = ("flash" if self.imaged else "bytes", "ram", "instructions")
        return tuple(name for name in names if all(getattr(point, name) is not None for point in self.points))

    def size(self, point: TradeoffPoint) -> int:
        """Bytes by which points are compared: flash of the image where all are measured, else the model's."""
        return point.flash if self.imaged and point.flash is not None else point.bytes


@dataclass(frozen=True)
class Comparison:
    """Several trade-offs: what `tradeoff.html` and `tradeoff.json` are made from."""

    FORMAT: ClassVar[int] = 1

    tradeoffs: tuple[Tradeoff, ...]

    def __post_init__(self) -> None:
        if not self.tradeoffs:
            raise ValueError("a comparison without a trade-off")

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Comparison:
        """Rebuild what `tradeoff.json` holds; raises SertoolError naming the key that is wrong."""
        return codec.document(cls, data, "comparison")
