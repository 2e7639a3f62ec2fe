"""What stages leave in JSON for those that follow: as it is written, so it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from sertool.answers import UNCHOSEN, Rule
from sertool.digests import file_digest
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec
from sertool.graph import Width
from sertool.laq import LayerImportance
from sertool.laq.quantized_model import Temperature
from sertool.plain_values import Between, Digest, Fraction, Name, Natural, Positive, RelativePath
from sertool.project import BuildFolder, CorpusConfig, Project
from sertool.project.options import OPTIONS, Settings, lies_in, setting, with_settings
from sertool.standardization import Standardizer

Crc32 = Annotated[int, Between(0, 2**32 - 1)]


@dataclass(frozen=True)
class FrontendRecord:
    """`frontend.json`: how features are made, and the CRC-32 of what that makes of the golden sound."""

    FORMAT: ClassVar[int] = 2

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
    """`training.json`: the float network's size, what training saw of it, what it was told and what it heard.

    `validation_accuracy` is that of the network that has not seen the validation part. The `recordings` have
    absolute paths; they are synthetic speech where they have none.
    """

    FORMAT: ClassVar[int] = 1

    parameters: Positive
    shape: tuple[Positive, ...]
    epochs: Positive
    validation_accuracy: Fraction
    history: Losses
    settings: Settings
    recordings: CorpusConfig


@dataclass(frozen=True)
class CostRecord:
    """What the plan costs of a limit, in `unit`."""

    unit: Literal["bytes", "instructions"]
    limit: Positive
    plan: Natural


@dataclass(frozen=True)
class QuantizationRecord:
    """`laq.json`: the plan, where it comes from, what it is worth, and what quantization was told.

    `search` is an `Allocation` as plain values, empty for a given plan; `cost` is None without a limit. `files`
    are digests of what was quantized and of what came out, as `belonging` gives them. Raises ValueError for a
    width that there is not, and where plan and layers are of different networks.
    """

    FORMAT: ClassVar[int] = 2

    plan: tuple[str, ...]
    origin: Name
    bytes: Positive
    float_validation_accuracy: Fraction
    validation_accuracy: Fraction
    settings: Settings
    layers: tuple[LayerImportance, ...]
    search: Mapping[str, object]
    cost: CostRecord | None
    files: Mapping[RelativePath, Digest]
    temperature: Temperature = 1.0
    rule: Rule = UNCHOSEN

    def __post_init__(self) -> None:
        for width in self.plan:
            Width.parse(width)
        if len(self.plan) != len(self.layers):
            raise ValueError(f"{len(self.plan)} widths for {len(self.layers)} layers")


def belonging(folder: BuildFolder) -> dict[str, str]:
    """Digests of what `train` leaves for quantization, and of `laq.npz`: of as much as is there.

    Not of the split: it names test clips, of which nothing that is chosen may speak.
    """
    trained = (folder.frontend, folder.search_model, folder.float_model)
    files = [path for path in (*trained, folder.quantized_model) if path.exists()]
    return {path.relative_to(folder.root).as_posix(): file_digest(path) for path in files}


def check_quantized(folder: BuildFolder) -> None:
    """Raise SertoolError where files are not those of which `laq.json`, if there is one, speaks."""
    if not folder.laq.exists():
        return
    told = folder.read(folder.laq, QuantizationRecord, "quantize").files
    found = belonging(folder)
    changed = [name for name in {**told, **found} if told.get(name) != found.get(name)]
    if changed:
        raise SertoolError(
            f"{', '.join(changed)} changed since the network was quantized",
            where=folder.root,
            hint="run the stages from quantize on again, or sertool build",
        )


def made_with(project: Project, folder: BuildFolder) -> Project | None:
    """Return what each stage was told: `project` says what rendering goes by, the folder all before.

    None where the model was not trained and quantized in this folder.
    """
    if not (folder.training.exists() and folder.laq.exists()):
        return None
    trained = folder.read(folder.training, TrainingRecord, "train")
    quantized = folder.read(folder.laq, QuantizationRecord, "quantize")
    told = {
        ("corpus", "frontend", "augmentation", "training"): dataclasses.replace(
            trained.settings.project, corpus=trained.recordings
        ),
        ("quantization", "fine_tuning"): quantized.settings.project,
        ("name", "target"): project,
    }
    values = {
        option.key: setting(stage, option.key)
        for tables, stage in told.items()
        for option in OPTIONS
        if lies_in(option.key, tables)
    }
    return with_settings(Project(), values)
