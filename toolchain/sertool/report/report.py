"""The one value that `report.html`, `report.json` and `model_card.md` are all made from.

Everything is frozen and plain. Bytes are bytes, fractions lie in [0, 1], counts are counts. What was not
measured is None (or empty), and the pages say by which command it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sertool.graph.quantization import Width
from sertool.plain_values import to_plain
from sertool.reliability import Calibration, Sureness
from sertool.report import codec
from sertool.report.advice import Advice, Room, advise
from sertool.report.evidence import (
    CoreCount,
    Difference,
    EngineCheck,
    Exactness,
    Instructions,
    LayerCheck,
    Manifest,
    Memory,
    Parity,
    ParityRow,
    Region,
    Section,
    Stack,
    Symbol,
)
from sertool.report.recordings import Corpus, Measured, Part, Split, Terms
from sertool.report.tradeoff import Tradeoff

__all__ = [
    "Accuracy",
    "CoreCount",
    "Corpus",
    "Difference",
    "EngineCheck",
    "Exactness",
    "Headline",
    "Histogram",
    "Importance",
    "Instructions",
    "Layer",
    "LayerCheck",
    "Manifest",
    "Memory",
    "Network",
    "Parity",
    "ParityRow",
    "Part",
    "Region",
    "Report",
    "Score",
    "Section",
    "Split",
    "Stack",
    "Symbol",
    "Target",
    "Terms",
    "Tradeoff",
]


@dataclass(frozen=True)
class Target:
    """The board: its name in `targets/`, what it is, its core, clock in Hz, flash and RAM in bytes."""

    name: str
    title: str
    core: str
    clock_hz: int
    flash_bytes: int
    ram_bytes: int


@dataclass(frozen=True)
class Importance:
    """LAQ's terms for one layer, and its rivals.

    All in [0, 1]: `proportion` is NP, its share of the parameters; `entropy` that of its weights' histogram,
    as a share of the greatest; `variance` is NV = log(e - 1 + Var / max Var); `gradient` and `hessian` say how
    much the loss feels the weights, as shares of the layer that it feels most. `value` ranks the layers: it
    combines the terms, or is one of the two.
    """

    proportion: float
    entropy: float
    variance: float
    value: float
    gradient: float | None = None
    hessian: float | None = None


@dataclass(frozen=True)
class Histogram:
    """Weights before quantization, in steps of their channel, and their codes, from -span to span.

    Both counted in equal bins over that range; weights beyond it count in the outermost bins.
    """

    span: float
    before: tuple[int, ...]
    after: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.before) != len(self.after) or sum(self.before) != sum(self.after):
            raise ValueError("the histograms before and after count other weights")


@dataclass(frozen=True)
class Layer:
    """One fully connected layer.

    `width` is 1 ... 8 or `ternary`, as `str(Width)` gives it. `weight_bytes` are the packed weights in
    flash, `parameter_bytes` everything else that the layer keeps there: bias, multiplier, shift.
    """

    name: str
    inputs: int
    outputs: int
    width: str
    weight_bytes: int
    parameter_bytes: int
    importance: Importance | None = None
    histogram: Histogram | None = None

    def __post_init__(self) -> None:
        Width.parse(self.width)

    @property
    def weights(self) -> int:
        """Number of weights."""
        return self.inputs * self.outputs

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return self.weights + self.outputs

    @property
    def bytes(self) -> int:
        """Bytes of flash."""
        return self.weight_bytes + self.parameter_bytes


@dataclass(frozen=True)
class Network:
    """The quantized net: feature set by name, classes in order, layers, rounding by name.

    `plan_origin` says how the plan came about: `given`, or the strategy that found it, such as `laq`.
    """

    features: str
    labels: tuple[str, ...]
    layers: tuple[Layer, ...]
    rounding: str
    plan_origin: str

    def __post_init__(self) -> None:
        if not self.layers or not self.labels:
            raise ValueError("the net has no layers or no labels")

    @property
    def plan(self) -> str:
        """Widths as `--bits` takes them, such as `1,1,4,4,8`."""
        return ",".join(layer.width for layer in self.layers)

    @property
    def shape(self) -> str:
        """Sizes from input to output, such as `180-512-128-64-32-7`."""
        return "-".join(map(str, (self.layers[0].inputs, *(layer.outputs for layer in self.layers))))


@dataclass(frozen=True)
class Score:
    """Accuracy on the test part, as fractions.

    `confusion` counts clips, rows true and columns predicted, in the order of the net's labels. `weighted`
    is the share of clips that are right, `unweighted` the mean of the classes' recalls; `low` and `high`
    are the 95 % Wilson interval of `weighted`.
    """

    confusion: tuple[tuple[int, ...], ...]
    weighted: float
    unweighted: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if any(len(row) != len(self.confusion) for row in self.confusion):
            raise ValueError("the confusion matrix is not square")
        right = sum(row[index] for index, row in enumerate(self.confusion))
        if not self.clips or abs(right / self.clips - self.weighted) > 1e-3:
            raise ValueError(f"the weighted accuracy {self.weighted} is not that of the confusion matrix")

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(map(sum, self.confusion))


@dataclass(frozen=True)
class Accuracy:
    """The float and the quantized net on the same test clips; `agree` counts clips given one label by both.

    `calibration` is of the quantized net's probabilities, `temperature` what its logits are divided by, and
    `sureness` says of how many clips it is sure.
    """

    float_net: Score | None
    quantized: Score | None
    agree: int | None = None
    calibration: Calibration | None = None
    temperature: float = 1.0
    sureness: Sureness | None = None


@dataclass(frozen=True)
class Headline:
    """The answer in one glance, derived from a report; None is what was not measured. Sizes in bytes.

    `strangers_accuracy` is of networks made in the same way, on voices that they had not heard. `advice` says
    in a sentence which network of the sweep to take.
    """

    corpus: str | None
    synthetic: bool
    target: str
    shape: str
    plan: str
    flash: int | None
    ram: int | None
    strangers_accuracy: float | None
    float_accuracy: float | None
    quantized_accuracy: float | None
    exact: bool | None
    advice: str | None


@dataclass(frozen=True)
class Report:
    """Everything that one build showed.

    `evaluations` are those of the checkpoint that the network comes from, of strangers first.
    `max_flash` are the bytes of flash that advice may count on, where those are fewer than the target's.
    """

    FORMAT: ClassVar[int] = 2

    project: str
    target: Target
    network: Network
    corpus: Corpus | None = None
    split: Split | None = None
    accuracy: Accuracy | None = None
    evaluations: tuple[Measured, ...] = ()
    memory: Memory | None = None
    exactness: Exactness | None = None
    parity: Parity | None = None
    instructions: Instructions | None = None
    manifest: Manifest | None = None
    tradeoff: Tradeoff | None = None
    max_flash: int | None = None

    def __post_init__(self) -> None:
        classes = len(self.network.labels)
        scores = (self.accuracy.float_net, self.accuracy.quantized) if self.accuracy else ()
        if any(score and len(score.confusion) != classes for score in scores):
            raise ValueError(f"a confusion matrix does not have the net's {classes} classes")
        if self.max_flash is not None and not 0 < self.max_flash <= self.target.flash_bytes:
            raise ValueError(f"{self.max_flash} bytes of flash, where {self.target.flash_bytes} are there")

    @property
    def of_strangers(self) -> Measured | None:
        """The evaluation on voices that the networks had not heard, if there is one."""
        return next((each for each in self.evaluations if each.of_strangers), None)

    @property
    def advice(self) -> Advice | None:
        """Which network of the sweep to take for the target; None without a sweep."""
        if self.tradeoff is None:
            return None
        flash = self.target.flash_bytes if self.max_flash is None else self.max_flash
        return advise(self.tradeoff, Room(self.target.name, flash, self.target.ram_bytes))

    @property
    def headline(self) -> Headline:
        """What stands at the top of every form of the report."""
        float_net = self.accuracy.float_net if self.accuracy else None
        quantized = self.accuracy.quantized if self.accuracy else None
        return Headline(
            corpus=self.corpus.name if self.corpus else None,
            synthetic=bool(self.corpus and self.corpus.synthetic),
            target=self.target.name,
            shape=self.network.shape,
            plan=self.network.plan,
            flash=self.memory.flash.used if self.memory else None,
            ram=self.memory.ram.used if self.memory else None,
            strangers_accuracy=self.of_strangers.accuracy.mean if self.of_strangers else None,
            float_accuracy=float_net.weighted if float_net else None,
            quantized_accuracy=quantized.weighted if quantized else None,
            exact=self.exactness.exact if self.exactness else None,
            advice=self.advice.sentence if self.advice else None,
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON values: `format`, the derived `headline`, then the fields."""
        return {"format": self.FORMAT, "headline": to_plain(self.headline), **to_plain(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Report:
        """Rebuild what `to_dict` gave; raises SertoolError naming the key that is wrong."""
        return codec.document(cls, data, "report")
