"""The report's account of what was listened to: corpus, terms, split, evaluations on other splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sertool.evaluation import Spread
from sertool.fold_text import fold_text
from sertool.plain_values import Name, Positive


@dataclass(frozen=True)
class Terms:
    """A known corpus as `sertool.corpora.describe` describes it: texts, for the model card.

    `terms` are as `terms_source` states them; `noncommercial` marks those that exclude commercial use.
    """

    title: str
    language: str
    content: str
    terms: str
    terms_source: str
    noncommercial: bool
    citation: str


@dataclass(frozen=True)
class Corpus:
    """The recordings: clips per emotion, speakers, seconds of audio, notes of the loader and the audit."""

    name: str
    synthetic: bool
    emotions: Mapping[str, int]
    speakers: tuple[str, ...]
    seconds: float | None = None
    terms: Terms | None = None
    notes: tuple[str, ...] = ()

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(self.emotions.values())


@dataclass(frozen=True)
class Part:
    """One part of a split: `train`, `validation` or `test`; clips per emotion, and who speaks."""

    name: str
    emotions: Mapping[str, int]
    speakers: tuple[str, ...]

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(self.emotions.values())


@dataclass(frozen=True)
class Split:
    """How the corpus was divided: protocol (`random10`, `speaker`, `own`), seed, fold of `folds` from 0."""

    protocol: str
    seed: int
    fold: int
    folds: int
    parts: tuple[Part, ...]

    @property
    def told(self) -> str:
        """What texts say behind the protocol: fold, if there are several, and seed."""
        return f"{fold_text(self.fold, self.folds)}, seed {self.seed}"

    @property
    def shared_speakers(self) -> tuple[str, ...]:
        """Speakers of the test part who are also heard in another part, sorted."""
        tested = {name for part in self.parts if part.name == "test" for name in part.speakers}
        others = {name for part in self.parts if part.name != "test" for name in part.speakers}
        return tuple(sorted(tested & others))


@dataclass(frozen=True)
class Measured:
    """What networks made in the same way got in `sertool evaluate`, of clips that they had not heard."""

    protocol: Name
    repeats: Name
    seeds: Positive
    folds: Positive
    accuracy: Spread
    unweighted: Spread

    @property
    def of_strangers(self) -> bool:
        """Whether no voice that was tested was heard in training."""
        return self.protocol.partition("-")[0] == "speaker"
