"""A split, its clips' features and a standardizer: what is trained on, and apart from it what tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation import Augmentation
from sertool.corpora import Clip, Corpus, Split
from sertool.corpora.clips import UNKNOWN
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec
from sertool.material.degraded import copies
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Standardizer
from sertool.training import Examples, TrainingData


@dataclass(frozen=True, eq=False)
class Case:
    """One seed and fold: what training may see, and apart from it what only the final look may.

    `elsewhere` is what a network is asked beside, int8 (n, features): test clips as heard on other occasions.
    """

    seed: int
    fold: int
    data: TrainingData
    test: Examples
    elsewhere: NDArray[np.int8] = field(default_factory=lambda: np.empty((0, 0), np.int8))


@dataclass(frozen=True, eq=False)
class Material:
    """A split's clips with their raw features, int32 (clips, features) a part, in the order of the split.

    `copies` are those of augmented copies of the training clips, likewise, one array a copy.
    """

    corpus: Corpus
    split: Split
    spec: FrontendSpec
    standardizer: Standardizer
    raw: Mapping[str, NDArray[np.int32]]
    copies: tuple[NDArray[np.int32], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes: the corpus's emotions."""
        return self.corpus.emotions

    def examples(self, part: str) -> Examples:
        """The part's int8 features and label indices, in the order of the split.

        A standardizer that follows its speaker begins anew with each, and hears the part's clips by `turns`.
        """
        return self._examples(self.split.parts[part], self.raw[part])

    def training_data(self) -> TrainingData:
        """The parts that training may see: the training clips, each copy of them after that, and validation.

        Each copy has its clip's label, and is heard in its speaker's turn among the other clips' copies.
        """
        heard = [self._examples(self.split.train, raw) for raw in (self.raw["train"], *self.copies)]
        train = Examples(
            np.concatenate([each.features for each in heard]), np.concatenate([each.labels for each in heard])
        )
        return TrainingData(train, self.examples("validation"), self.labels, self.standardizer.input)

    def _examples(self, clips: Sequence[Clip], raw: NDArray[np.int32]) -> Examples:
        inputs = np.empty(raw.shape, np.int8)
        for rows in turns(clips, self.split.seed).values():
            inputs[rows] = self.standardizer.follow(raw[rows])
        emotions = [self.labels.index(clip.emotion) for clip in clips]
        return Examples(inputs, np.array(emotions, np.int64))

    def case(self) -> Case:
        """All parts, without where they come from: what a process that only computes is given."""
        return Case(self.split.seed, self.split.fold, self.training_data(), self.examples("test"))


def join(
    corpus: Corpus,
    split: Split,
    spec: FrontendSpec,
    features: Mapping[Clip, NDArray[np.int32]],
    standardization: str = "fixed",
    augmentation: Augmentation | None = None,
) -> Material:
    """Join a split with its clips' raw `features`, int32 (features,) each, and fit the standardizer.

    The training part alone decides copies and standardizer, which is one of `STANDARDIZATIONS`. Raises
    SertoolError for one that follows its speaker where nobody says who speaks.
    """
    running = STANDARDIZATIONS[standardization]
    if running and any(clip.speaker == UNKNOWN for clip in corpus.clips):
        raise SertoolError(
            f"the standardization {standardization} follows each speaker, and nobody says who speaks",
            where=corpus.root,
            hint="say who speaks with a speaker table or pattern, or leave the standardization fixed",
        )
    raw = {part: np.stack([features[clip] for clip in clips]) for part, clips in split.parts.items()}
    made = copies(split, raw["train"], spec, augmentation or Augmentation())
    heard = (raw["train"], *made)
    standardizer = Standardizer.fit(
        np.concatenate(heard),
        running=running,
        # Copies are heard one set after the other, see `training_data`.
        speakers=[f"{number} {clip.speaker}" for number in range(len(heard)) for clip in split.train],
        labels=[clip.emotion for clip in split.train] * len(heard),
    )
    return Material(corpus, split, spec, standardizer, raw, made)
