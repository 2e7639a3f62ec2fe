"""Every setting there is, as data: its key in `sertool.toml`, its option on the command line, what it means."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from sertool.corpora import KINDS, PROTOCOLS
from sertool.frontend import PRESETS
from sertool.laq import STRATEGIES
from sertool.laq.importance import MEASURES
from sertool.plain_values import to_plain
from sertool.project.config import Project
from sertool.standardization import STANDARDIZATIONS


@dataclass(frozen=True)
class Option:
    """A key of `sertool.toml`, dotted, and the option that says it on the command line where there is one.

    The key leads to a field of `Project`: its annotation is the type and its default the default. `comment`
    stands beside the key in the file, and in the command's help where there is no `help`. `also` are keys that
    the option sets too; `rivals` are keys that it puts out of force, unless it says `auto`. `example` is what
    the file shows, commented out, where the default is None. A `place` is where something lies on this machine:
    relative to the file that says it, never in a manifest. What does not `decide` changes no byte of a build.
    """

    key: str
    comment: str
    flag: str | None = None
    short: str | None = None
    help: str | None = None
    also: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    example: object = None
    place: bool = False
    decides: bool = True

    @property
    def name(self) -> str:
        """The option as an identifier of Python: `max_bytes` for `--max-bytes`."""
        return (self.flag or "").removeprefix("--").replace("-", "_")

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that the option sets."""
        return (self.key, *self.also)

    @property
    def annotation(self) -> Any:
        """Type of the setting, without the None of one that may be left out."""
        *tables, last = self.key.split(".")
        table: Any = Project
        for name in tables:
            table = _hints(table)[name]
        hint = _hints(table)[last]
        inner = [option for option in typing.get_args(hint) if option is not type(None)]
        return inner[0] if type(None) in typing.get_args(hint) else hint

    @property
    def default(self) -> Any:
        """What holds where nobody says otherwise."""
        return setting(Project(), self.key)

    def within(self, tables: Iterable[str]) -> bool:
        """Whether any of its keys is one of `tables` (dotted), or below one."""
        wanted = tuple(tables)
        return any(lies_in(key, wanted) for key in self.keys)


#: The tables that say how a network is made. Where a checkpoint brings one they are out of force.
MAKING = ("corpus", "frontend", "augmentation", "training", "quantization", "fine_tuning")


def lies_in(key: str, tables: Iterable[str]) -> bool:
    """Whether a dotted key is one of `tables`, or below one."""
    return any(f"{key}.".startswith(f"{table}.") for table in tables)


def setting(project: Project, key: str) -> Any:
    """Return what `project` says of a dotted key."""
    return functools.reduce(getattr, key.split("."), project)


def with_settings(project: Project, values: Mapping[str, Any]) -> Project:
    """Return `project` with `values` by their dotted keys; those of a table are put in at once.

    Raises ValueError or SertoolError as the tables do.
    """
    tables: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, {})[name] = value
    for table, changed in tables.items():
        project = _replaced(project, tuple(filter(None, table.split("."))), changed)
    return project


def _replaced(table: Any, path: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    if path:
        values = {path[0]: _replaced(getattr(table, path[0]), path[1:], values)}
    return dataclasses.replace(table, **values)


@dataclass(frozen=True)
class Settings:
    """All settings of a project that decide a byte, but for places, as files that sertool writes hold them.

    All else of `project` is the default.
    """

    Stored: ClassVar[type] = Project

    project: Project

    def __post_init__(self) -> None:
        told = {option.key: setting(self.project, option.key) for option in self._told}
        object.__setattr__(self, "project", with_settings(Project(), told))

    @property
    def _told(self) -> tuple[Option, ...]:
        return tuple(option for option in OPTIONS if option.decides and not option.place)

    @classmethod
    def from_stored(cls, project: Project) -> Settings:
        """Take up what was written."""
        return cls(project)

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain values in nested tables, as `sertool.toml` has them."""
        found: dict[str, Any] = {}
        for option in self._told:
            *tables, last = option.key.split(".")
            table = functools.reduce(lambda inner, name: inner.setdefault(name, {}), tables, found)
            table[last] = to_plain(setting(self.project, option.key))
        return found


def written(value: object) -> str:
    """Write a setting as its option reads it: `128,64` for sizes."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@functools.cache
def _hints(table: type) -> dict[str, Any]:
    return typing.get_type_hints(table)


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


#: What stands above a table of the file.
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "": "What sertool builds here. Every key may be left out; these are the defaults.",
        "corpus": "A folder of recordings, or a name below the folder that SERTOOL_CORPORA names. EMODB, "
        "RAVDESS, SAVEE, TESS and CREMA-D are recognized by their file names, others by their folders: one "
        " a label, with folders of speakers or parts above or below. Without a path the build runs on a "
        "synthetic corpus, which shows that the chain works and nothing about emotion.",
        "sweep": "Every network at every plan, for sertool sweep. A plan is one width for all layers, a width "
        "for each, or a strategy, alone or with the bytes that it may take.",
        "evaluation": "Every fold of the protocol, for sertool evaluate.",
    }
)

#: In the order of the file and of the help.
OPTIONS: tuple[Option, ...] = (
    Option("name", "What the image, the report and the C project are called.", "--name"),
    Option(
        "target",
        "Board: a name from `sertool targets list`, or a TOML file.",
        "--target",
        "-t",
        place=True,
    ),
    Option(
        "output", "Folder for builds, one sub-folder a target.", "--output", "-o", place=True, decides=False
    ),
    Option(
        "corpus.path",
        "Folder of recordings, or a name below $SERTOOL_CORPORA.",
        "--corpus",
        "-c",
        example="emodb",
        place=True,
    ),
    Option("corpus.kind", f"Whose file names: {_either(KINDS)}.", "--kind", example="emodb"),
    Option(
        "corpus.layout",
        "What the folders are, from the top: label, speaker, part or *.",
        "--layout",
        help="What the folders are, from the top: label, speaker, part, or * for nothing of these.",
        example="speaker/label",
    ),
    Option(
        "corpus.labels",
        "Table with the columns file, label and perhaps speaker, part.",
        "--labels",
        rivals=("corpus.label_pattern",),
        example="labels.csv",
        place=True,
    ),
    Option(
        "corpus.label_pattern",
        "Labels by a regular expression with a group named label.",
        "--label-pattern",
        help="Regular expression with a group named label, searched in the paths below the corpus.",
        rivals=("corpus.labels",),
        example="_(?P<label>[a-z]+)[.]wav",
    ),
    Option(
        "corpus.speakers",
        "Who speaks: a table with the columns file and speaker.",
        "--speakers",
        rivals=("corpus.speaker_pattern",),
        example="speakers.csv",
        place=True,
    ),
    Option(
        "corpus.speaker_pattern",
        "Who speaks: a regular expression with a group named speaker.",
        "--speaker-pattern",
        help="Regular expression with a group named speaker, searched in the paths below the corpus.",
        rivals=("corpus.speakers",),
        example="/(?P<speaker>[^/_]+)_",
    ),
    Option(
        "corpus.validation_list",
        "Files that validate, a path a line; others train or test.",
        "--validation-list",
        help="Files that validate, a path a line; what is in neither list trains.",
        example="validation_list.txt",
        place=True,
    ),
    Option(
        "corpus.test_list",
        "Files that test, a path a line.",
        "--test-list",
        example="testing_list.txt",
        place=True,
    ),
    Option(
        "corpus.protocol",
        f"Split: {', '.join(PROTOCOLS)} (the recordings' own parts), or auto.",
        "--protocol",
        help=f"Split: {', '.join(PROTOCOLS)} or auto: the recordings' own parts where they have some, else "
        "random10.",
    ),
    Option(
        "corpus.seed",
        "Seed of what the split draws: for own only a validation part, if need be.",
        "--seed",
        help="Seed of training, of fine-tuning and of what the split draws.",
        also=("training.seed", "fine_tuning.seed"),
    ),
    Option("corpus.fold", "Which fold of the protocol, counted from 0.", "--fold"),
    Option("corpus.skip_bad", "Leave unreadable recordings out; they are named and counted.", "--skip-bad"),
    Option("frontend.preset", f"Front end: {_either(PRESETS)}.", "--preset"),
    Option(
        "frontend.standardization",
        f"Of features: {_either(STANDARDIZATIONS)}; the last two follow.",
        "--standardization",
        help=f"Of features: {_either(STANDARDIZATIONS)}. Running follows a speaker by whatever is heard, "
        "enrolled by a few neutral utterances.",
    ),
    Option(
        "augmentation.copies",
        "Copies of each training clip in noise, rooms, bands and at gains; 0: none.",
        "--augment",
        help="Train on this many copies of each training clip too: in noise, rooms, bands and at other gains.",
    ),
    Option("augmentation.strength", "How bad the worst copies may be, up to 1.", "--augment-strength"),
    Option("training.hidden", "Sizes of the layers between features and emotions.", "--hidden"),
    Option(
        "training.epochs",
        "Length of training.",
        "--epochs",
        help="Length of training and of fine-tuning, in epochs.",
        also=("fine_tuning.epochs",),
    ),
    Option("training.batch_size", "Clips a step."),
    Option("training.learning_rate", "Of Adam, at the start; it falls to zero."),
    Option("training.dropout", "Share of a layer's outputs left out, while training."),
    Option("training.input_dropout", "Share of the features left out, while training."),
    Option("training.noise", "Deviation of Gaussian noise on the standardized features."),
    Option("training.mixup", "Parameter of the Beta distribution that mixes pairs of clips; 0 is off."),
    Option("training.label_smoothing", "Share of a label's weight that goes to all labels."),
    Option("training.class_weights", "Rare emotions count more."),
    Option("training.seed", "Seed of first weights, order of clips and noise."),
    Option("training.batch_norm", "Normalize before each ReLU, while training."),
    Option("training.members", "Networks that share the one hidden layer; their mean answers.", "--members"),
    Option(
        "quantization.bits",
        "Width of each layer, such as 1,ternary,4,8, or 4 for all; or auto.",
        "--bits",
        rivals=(
            "quantization.strategy",
            "quantization.margin",
            "quantization.max_bytes",
            "quantization.max_instructions",
        ),
    ),
    Option(
        "quantization.strategy",
        f"Search for widths: {_either(STRATEGIES)}.",
        "--strategy",
        rivals=("quantization.bits",),
    ),
    Option(
        "quantization.margin",
        "Points of validation accuracy that the search may give away.",
        "--margin",
        rivals=("quantization.bits",),
        example=0.5,
    ),
    Option(
        "quantization.max_bytes",
        "Most bytes of flash that the layers may take.",
        "--max-bytes",
        rivals=("quantization.bits", "quantization.max_instructions"),
        example=28000,
    ),
    Option(
        "quantization.max_instructions",
        "Most instructions of an inference on the target's core.",
        "--max-instructions",
        rivals=("quantization.bits", "quantization.max_bytes"),
        example=200000,
    ),
    Option(
        "quantization.coverage",
        "Of 100 validation recordings, how many the model shall be sure of.",
        "--coverage",
    ),
    Option("quantization.importance.measure", f"What ranks the layers: {_either(MEASURES)}."),
    Option("quantization.importance.proportion", "For laq: weight of the share of parameters."),
    Option("quantization.importance.entropy", "For laq: weight of the entropy of the weights' histogram."),
    Option("quantization.importance.variance", "For laq: weight of the weights' variance."),
    Option("quantization.importance.invert_variance", "For laq: a layer of small variance matters more."),
    Option("quantization.importance.bins", "For laq: bins of the histogram."),
    Option("fine_tuning.epochs", "Length of fine-tuning."),
    Option("fine_tuning.batch_size", "Clips a step."),
    Option("fine_tuning.learning_rate", "Of Adam, at the start; it falls to zero."),
    Option("fine_tuning.dropout", "As in training."),
    Option("fine_tuning.input_dropout", "As in training."),
    Option("fine_tuning.noise", "As in training."),
    Option("fine_tuning.mixup", "As in training."),
    Option("fine_tuning.label_smoothing", "As in training."),
    Option("fine_tuning.class_weights", "As in training."),
    Option("fine_tuning.seed", "Seed of order of clips, noise, and of the search for widths."),
    Option("fine_tuning.distillation", "Share of the targets that are the float network's answers; 0 is off."),
    Option("sweep.hidden", "Hidden sizes of each network.", decides=False),
    Option("sweep.plans", "Plans.", decides=False),
    Option("sweep.presets", "Front ends; none: the project's.", decides=False),
    Option(
        "sweep.seeds",
        "Seeds a point, counted up from the corpus's.",
        "--seeds",
        help="Seeds of each network or fold, counted up from --seed. Default: 3.",
        also=("evaluation.seeds",),
        decides=False,
    ),
    Option("evaluation.seeds", "Seeds of each fold, counted up from the corpus's.", decides=False),
    Option(
        "evaluation.conditions",
        "Test in noise, from afar and by telephone too.",
        "--conditions",
        help="Test in noise, from afar and by telephone too; with --augment, beside networks without it.",
        decides=False,
    ),
)

#: What commands take beside settings: arguments of the functions behind them, as texts name them.
ARGUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "build.again": "--again",
        "build.checkpoint": "--checkpoint",
        "device.port": "--port",
        "device.probe": "--probe",
        "evaluation.build": "--build",
        "evaluation.features": "--features",
        "evaluation.without": "--without",
        "report.max_flash": "--max-flash",
        "workers.jobs": "--jobs",
        "workers.scheduler": "--scheduler",
    }
)

#: The option of each thing that a text can name, by its key. A bare word names nothing.
FLAGS: Mapping[str, str] = MappingProxyType(
    {option.key: option.flag for option in OPTIONS if option.flag and "." in option.key} | dict(ARGUMENTS)
)
