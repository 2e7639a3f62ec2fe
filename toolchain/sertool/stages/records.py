"""What stages leave in JSON for those that follow: as it is written, so it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, Standardizer
from sertool.graph import Width
from sertool.laq import ImportanceConfig, LayerImportance
from sertool.plain_values import Between, Fraction, Name, Natural, Positive, WrongValue
from sertool.project import CorpusConfig

Crc32 = Annotated[int, Between(0, 2**32 - 1)]


@dataclass(frozen=True)
class FrontendRecord:
    """`frontend.json`: how features are made, and the CRC-32 of what that makes of the golden sound."""

    FORMAT: ClassVar[int] = 1

    spec: FrontendSpec
    standardizer: Standardizer
    golden_crc32: Crc32

    def __post_init__(self) -> None:
        check_sizes(self.spec, self.standardizer)


def check_sizes(spec: FrontendSpec, standardizer: Standardizer) -> None:
    """Raise SertoolError where a standardizer is of another number of features than its front end gives."""
    if standardizer.features != spec.features:
        raise SertoolError(
            f"the standardizer is of {standardizer.features} features",
            allowed=f"{spec.features}, as many as the front end gives",
        )


@dataclass(frozen=True)
class Losses:
    """The training loss of each epoch."""

    loss: tuple[float, ...]


@dataclass(frozen=True)
class TrainingRecord:
    """`training.json`: the float network's size, what training saw of it, and the recordings it heard.

    `validation_accuracy` is that of the network that has not seen the validation part.
    """

    FORMAT: ClassVar[int] = 1

    parameters: Positive
    shape: tuple[Positive, ...]
    epochs: Positive
    validation_accuracy: Fraction
    history: Losses
    recordings: CorpusConfig

    def __post_init__(self) -> None:
        if not self.recordings.path:
            raise WrongValue("no folder of recordings is named", "recordings", "path")


@dataclass(frozen=True)
class CostRecord:
    """What the plan costs of a limit, in `unit`."""

    unit: Literal["bytes", "instructions"]
    limit: Positive
    plan: Natural


@dataclass(frozen=True)
class QuantizationRecord:
    """`laq.json`: the plan, where it comes from, and what it is worth.

    `search` is an `Allocation` as plain values, empty for a given plan; `cost` is None without a limit.
    Raises ValueError for a width that there is not, and where plan and layers are of different networks.
    """

    FORMAT: ClassVar[int] = 1

    plan: tuple[str, ...]
    origin: Name
    bytes: Positive
    float_validation_accuracy: Fraction
    validation_accuracy: Fraction
    margin: float | None
    importance: ImportanceConfig
    layers: tuple[LayerImportance, ...]
    search: Mapping[str, object]
    cost: CostRecord | None

    def __post_init__(self) -> None:
        for width in self.plan:
            Width.parse(width)
        if len(self.plan) != len(self.layers):
            raise ValueError(f"{len(self.plan)} widths for {len(self.layers)} layers")
