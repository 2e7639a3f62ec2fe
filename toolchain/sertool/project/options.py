"""Every setting there is, as data: its key in `sertool.toml`, its option on the command line, what it means."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sertool.corpora import PROTOCOLS
from sertool.frontend import PRESETS
from sertool.laq import STRATEGIES
from sertool.laq.importance import MEASURES
from sertool.project.config import Project


@dataclass(frozen=True)
class Option:
    """A key of `sertool.toml`, dotted, and the option that says it on the command line where there is one.

    The key leads to a field of `Project`: its annotation is the type and its default the default. `comment`
    stands beside the key in the file, and in the command's help where there is no `help`. `also` are keys that
    the option sets too; `rivals` are keys that it puts out of force, unless it says `auto`. `example` is what
    the file shows, commented out, where the default is None.
    """

    key: str
    comment: str
    flag: str | None = None
    short: str | None = None
    help: str | None = None
    also: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    example: object = None

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
        return any(f"{key}.".startswith(f"{table}.") for key in self.keys for table in wanted)


def setting(project: Project, key: str) -> Any:
    """Return what `project` says of a dotted key."""
    return functools.reduce(getattr, key.split("."), project)


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
        "RAVDESS, SAVEE and TESS are recognized by their file names; any other folder has one sub-folder a "
        "label. Without a path the build runs on a synthetic corpus, which shows that the chain works and "
        "nothing about emotion.",
        "sweep": "Every network at every plan, for sertool sweep. A plan is one width for all layers, a width "
        "for each, or a strategy, alone or with the bytes that it may take.",
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
    ),
    Option("output", "Folder for builds, one sub-folder a target.", "--output", "-o"),
    Option(
        "corpus.path",
        "Folder of recordings, or a name below $SERTOOL_CORPORA.",
        "--corpus",
        "-c",
        example="emodb",
    ),
    Option("corpus.kind", "Whose names the files have, where they do not tell.", example="emodb"),
    Option(
        "corpus.protocol",
        f"Split: {_either(PROTOCOLS)} (speakers shared, or whole speakers held out).",
        "--protocol",
    ),
    Option(
        "corpus.seed",
        "Seed of the split.",
        "--seed",
        help="Seed of split, training and fine-tuning.",
        also=("training.seed", "fine_tuning.seed"),
    ),
    Option("corpus.fold", "Which fold of the protocol.", "--fold"),
    Option("corpus.speakers", "Who speaks: a table with the columns file and speaker.", example="speakers.csv"),
    Option("corpus.speaker_pattern", "Who speaks, from the file name.", example="(?P<speaker>[^_]+)_.*"),
    Option("corpus.skip_bad", "Leave unreadable recordings out; they are named and counted.", "--skip-bad"),
    Option("frontend.preset", f"Front end: {_either(PRESETS)}.", "--preset"),
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
    Option(
        "quantization.bits",
        "Width of each layer, such as 1,1,4,4,8 (1, ternary, 2 to 8), or auto.",
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
        "Most bytes of packed weights, scales and biases.",
        "--max-bytes",
        rivals=("quantization.bits", "quantization.max_instructions"),
        example=25600,
    ),
    Option(
        "quantization.max_instructions",
        "Most instructions of an inference on the target's core.",
        "--max-instructions",
        rivals=("quantization.bits", "quantization.max_bytes"),
        example=200000,
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
    Option("sweep.hidden", "Hidden sizes of each network."),
    Option("sweep.plans", "Plans."),
    Option("sweep.presets", "Front ends; none: the project's."),
    Option("sweep.seeds", "Seeds a point, counted up from the corpus's.", "--seeds"),
)
