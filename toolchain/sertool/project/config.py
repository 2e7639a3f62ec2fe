"""`sertool.toml`: what is built, from which recordings, for which board."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from sertool.augmentation import Augmentation
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, preset
from sertool.laq import STRATEGIES, ImportanceConfig
from sertool.project.sweep import SweepConfig
from sertool.standardization import STANDARDIZATIONS
from sertool.training import FineTuningConfig, TrainingConfig

#: Characters of a project's name.
LONGEST_NAME = 100

#: Widths that are searched for.
AUTO = "auto"


@dataclass(frozen=True)
class CorpusConfig:
    """Recordings and how they are split.

    `path` is a folder, or a name looked up below `SERTOOL_CORPORA`; without it the build runs on a synthetic
    corpus. From `kind` to `test_list` the settings are those of `corpora.load`: who says label, speaker and
    part of each file. `protocol` is `auto` for the recordings' own parts where they come divided, else
    `random10`. Raises SertoolError for lists that another protocol than `own` would leave unread.
    """

    TELLING: ClassVar[tuple[str, ...]] = (
        "kind",
        "layout",
        "labels",
        "label_pattern",
        "speakers",
        "speaker_pattern",
        "validation_list",
        "test_list",
    )

    path: str | None = None
    kind: str | None = None
    layout: str | None = None
    labels: str | None = None
    label_pattern: str | None = None
    speakers: str | None = None
    speaker_pattern: str | None = None
    validation_list: str | None = None
    test_list: str | None = None
    protocol: str = AUTO
    seed: int = 0
    fold: int = 0
    skip_bad: bool = False

    def __post_init__(self) -> None:
        lists = [name for name in ("validation_list", "test_list") if getattr(self, name) is not None]
        if lists and self.protocol not in (AUTO, "own"):
            raise SertoolError(
                f"the protocol {self.protocol} draws parts: {' and '.join(lists)} would decide nothing",
                allowed=f"the protocol own, or {AUTO}",
            )

    @property
    def telling(self) -> dict[str, str]:
        """What says label, speaker and part of the files, by setting, where anything does."""
        return {name: getattr(self, name) for name in self.TELLING if getattr(self, name) is not None}


@dataclass(frozen=True)
class QuantizationConfig:
    """Widths of the layers: `bits` is `auto`, for a search by `strategy`, or a plan such as `1,1,4,4,8`.

    `margin` is what a search may give away, in points of validation accuracy. With `max_bytes` (of flash
    that the layers take) or `max_instructions` (of an inference on the target's core) it finds a plan
    that takes no more. A margin left out is half a point without such a limit, and any with one. `importance`
    is what ranks the layers. Of 100 validation clips the model shall be sure of `coverage`. Raises SertoolError
    for a value out of range, and for keys that contradict each other.
    """

    bits: str = "auto"
    strategy: str = "laq"
    margin: float | None = None
    max_bytes: int | None = None
    max_instructions: int | None = None
    importance: ImportanceConfig = field(default_factory=ImportanceConfig)
    coverage: int = 80

    def __post_init__(self) -> None:
        wanted = {"max_bytes": self.max_bytes, "max_instructions": self.max_instructions}
        limits = {name: limit for name, limit in wanted.items() if limit is not None}
        if self.margin is not None and not 0 <= self.margin < 100:
            raise SertoolError(
                f"margin = {self.margin} cannot be used", allowed="points of accuracy, 0 to below 100"
            )
        if not 1 <= self.coverage <= 100:
            raise SertoolError(f"coverage = {self.coverage} cannot be used", allowed="1 to 100 of 100 clips")
        if self.strategy not in STRATEGIES:
            raise SertoolError(f"there is no strategy {self.strategy!r}", allowed=", ".join(STRATEGIES))
        for name, limit in limits.items():
            if limit < 1:
                raise SertoolError(f"{name} = {limit} cannot be used", allowed="1 or more")
        if len(limits) > 1:
            raise SertoolError("max_bytes and max_instructions exclude each other", allowed="one of them")
        if self.strategy == "budget" and not limits:
            raise SertoolError("the strategy budget has no limit", allowed="max_bytes or max_instructions")
        if self.bits != AUTO:
            idle = [*limits, *(["margin"] if self.margin is not None else [])]
            if self.strategy != "laq":
                idle.append(f"the strategy {self.strategy}")
            if idle:
                raise SertoolError(
                    f"bits = {self.bits!r} says every width: {' and '.join(idle)} would decide nothing",
                    allowed=f"a plan, or bits = {AUTO!r} with settings for a search",
                )


@dataclass(frozen=True)
class FrontendConfig:
    """A preset of the front end and a standardization of its features, by name."""

    preset: str = "moments"
    standardization: str = "fixed"

    @property
    def spec(self) -> FrontendSpec:
        """The specification that the preset stands for."""
        return preset(self.preset)

    def __post_init__(self) -> None:
        try:
            preset(self.preset)
        except SertoolError as error:
            raise ValueError(f"{error.what} ({error.allowed})") from error
        if self.standardization not in STANDARDIZATIONS:
            raise SertoolError(
                f"there is no standardization {self.standardization!r}", allowed=", ".join(STANDARDIZATIONS)
            )


@dataclass(frozen=True)
class EvaluationConfig:
    """Every fold of the protocol with `seeds` seeds, counted up from those of split and training.

    With `conditions` networks hear their test clips in noise, from afar and by telephone too. Raises
    SertoolError for fewer seeds than one.
    """

    seeds: int = 3
    conditions: bool = False

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise SertoolError(f"seeds = {self.seeds} cannot be used", allowed="1 or more")


@dataclass(frozen=True)
class Project:
    """Everything that a build depends on, besides the recordings themselves.

    Raises SertoolError for a name that an image could not carry.
    """

    name: str = "sertool"
    target: str = "stm32"
    output: Path = Path("build")
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    frontend: FrontendConfig = field(default_factory=FrontendConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    quantization: QuantizationConfig = field(default_factory=QuantizationConfig)
    fine_tuning: FineTuningConfig = field(default_factory=FineTuningConfig)
    sweep: SweepConfig = field(default_factory=SweepConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)

    def __post_init__(self) -> None:
        if not can_be_named(self.name):
            raise SertoolError(
                f"name = {self.name[:LONGEST_NAME]!r} cannot be used",
                allowed=f"1 to {LONGEST_NAME} printable characters",
            )


def can_be_named(name: str) -> bool:
    """Whether an image can say this name over its serial line."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()
