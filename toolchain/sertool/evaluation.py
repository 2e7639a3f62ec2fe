"""An evaluation as a value: what networks made of clips that they had not heard, and how right that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from sertool.reliability import Calibration, Sureness

#: Stands for a protocol where a model that was built before heard the recordings.
BUILT = "built"

Repeats = Literal["folds", "seeds", "clips"]


@dataclass(frozen=True)
class Spread:
    """A mean, a fraction, and its 95 % interval, None where there is too little to have one."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class NetworkFigures:
    """One network on clips that it has not heard; accuracies and scores are fractions."""

    seed: int | None
    fold: int | None
    speakers: tuple[str, ...]
    clips: int
    shape: str
    plan: str
    bytes: int
    accuracy: float
    unweighted: float
    macro_f1: float
    float_accuracy: float | None
    temperature: float


@dataclass(frozen=True)
class LabelFigures:
    """One label over all networks: answers to its clips; None for what cannot be divided."""

    label: str
    answers: int
    recall: float | None
    precision: float | None
    f1: float | None


@dataclass(frozen=True)
class SpeakerFigures:
    """One speaker over all networks: clips, answers to them, and how right those are."""

    speaker: str
    clips: int
    answers: int
    accuracy: float
    unweighted: float


@dataclass(frozen=True)
class Misheard:
    """A clip that was answered wrongly: by how many of the networks that heard it, and with what."""

    file: str
    speaker: str
    label: str
    heard: Mapping[str, int]
    networks: int


@dataclass(frozen=True)
class HeardFigures:
    """Answers to utterances number `first` to `last` (None: to the end) of each speaker.

    `accuracy` is the share that is right, `changed` that where somebody else was heard before and nobody said
    so (None where there is nobody else), `plain` that where standardization follows nobody.
    """

    first: int
    last: int | None
    answers: int
    accuracy: float
    changed: float | None
    plain: float


@dataclass(frozen=True)
class CalmFigures:
    """Answers after `utterances` neutral ones of the same speaker, and shares that are right.

    `all` of the clips of speakers who have a neutral one, `neutral` of those, each beside what is right where
    standardization follows nobody.
    """

    utterances: int
    answers: int
    all: float
    all_plain: float
    neutral_answers: int
    neutral: float
    neutral_plain: float


@dataclass(frozen=True)
class EnrolledFigures:
    """Answers once speakers have enrolled with `utterances` neutral ones, or with what they have of them.

    `accuracy` is the share that is right, `plain` that where standardization follows nobody.
    """

    utterances: int
    answers: int
    accuracy: float
    plain: float


@dataclass(frozen=True)
class FollowingFigures:
    """What following the speaker gives, beside networks of the same folds and seeds that follow nobody.

    `plain` is the accuracy of those, `gain` that of the others less it, network by network; both are spread as
    the evaluation's accuracy. `calm` is None where no speaker has a neutral clip. Where speakers enrol there is
    `enrolled`, and neither `heard` nor `calm`.
    """

    plain: Spread
    plain_unweighted: Spread
    gain: Spread
    heard: tuple[HeardFigures, ...]
    calm: CalmFigures | None
    enrolled: tuple[EnrolledFigures, ...] = ()


@dataclass(frozen=True)
class ConditionFigures:
    """How right networks are on the same clips as they are heard elsewhere: in noise, from afar, by telephone.

    `unaugmented` is that of networks which differ in that they trained on no augmented copy; None where the
    evaluated ones did not either.
    """

    condition: str
    accuracy: Spread
    unaugmented: Spread | None


@dataclass(frozen=True)
class Evaluation:
    """What networks make of the clips of a corpus that they have not heard.

    Accuracies are means over `repeats`, with Student's interval: over folds, each the mean of its seeds, where
    folds are speakers, else over seeds. An interval over clips is Wilson's, of the one network of a build.
    `confusion`, `calibration` and `sureness` are of all answers; the first counts them, rows and columns in the
    order of `labels`, a row a true label. `following` is None where standardization follows nobody, and of a
    model that was built before. `conditions`, where they were asked for, begin with the clips as they are.
    """

    FORMAT: ClassVar[int] = 3

    corpus: str
    synthetic: bool
    protocol: str
    repeats: Repeats
    seeds: int
    folds: int
    labels: tuple[str, ...]
    accuracy: Spread
    unweighted: Spread
    macro_f1: Spread
    float_accuracy: Spread | None
    difference: Spread | None
    networks: tuple[NetworkFigures, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: Calibration
    sureness: Sureness
    by_label: tuple[LabelFigures, ...]
    by_speaker: tuple[SpeakerFigures, ...]
    misheard: tuple[Misheard, ...]
    notes: tuple[str, ...]
    following: FollowingFigures | None = None
    conditions: tuple[ConditionFigures, ...] = ()
