"""A split, its clips' features and a standardizer: what is trained on, and apart from it what tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation import Augmentation
from sertool.corpora import Clip, Corpus, Split
from sertool.corpora.clips import UNKNOWN
from sertool.corpora.emotions import NEUTRAL
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec
from sertool.material.degraded import copies
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Enrolled, Speaker, Standardizer
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

    `copies` are those of augmented copies of the training clips, likewise, one array a copy; `enrolled` those
    of the clips that enrolled their speakers.
    """

    corpus: Corpus
    split: Split
    spec: FrontendSpec
    standardizer: Standardizer
    raw: Mapping[str, NDArray[np.int32]]
    copies: tuple[NDArray[np.int32], ...] = ()
    enrolled: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 0), np.int32))

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes: the corpus's emotions."""
        return self.corpus.emotions

    def examples(self, part: str) -> Examples:
        """The part's int8 features and label indices, in the order of the split.

        A standardizer that follows its speaker begins anew with each, who has enrolled where speakers do, and
        hears the part's clips by `turns`.
        """
        return self._examples(self.split.parts[part], self.raw[part], self.enrolled)

    def known(
        self, speaker: str, utterances: int | None = None, enrolled: NDArray[np.int32] | None = None
    ) -> Speaker:
        """What a device knows of a speaker before the first clip: nothing, or the enrolment.

        That is of the first `utterances` (None: all) which the speaker has to enrol with; `enrolled` are other
        features of them all than their own.
        """
        known = Speaker.unknown(self.spec.features)
        if self.standardizer.enrolled:
            own = [row for row, clip in enumerate(self.split.enrolled) if clip.speaker == speaker]
            given = self.enrolled if enrolled is None else enrolled
            self.standardizer.enroll(given[own[:utterances]], known)
        return known

    def training_data(self) -> TrainingData:
        """The parts that training may see: the training clips, each copy of them after that, and validation.

        Each copy has its clip's label, and is heard in its speaker's turn among the other clips' copies, with
        which the speaker has enrolled.
        """
        heard = [
            self._examples(self.split.train, raw, self._enrolled_by(raw))
            for raw in (self.raw["train"], *self.copies)
        ]
        train = Examples(
            np.concatenate([each.features for each in heard]), np.concatenate([each.labels for each in heard])
        )
        return TrainingData(train, self.examples("validation"), self.labels, self.standardizer.input)

    def _enrolled_by(self, raw: NDArray[np.int32]) -> NDArray[np.int32]:
        """Features of the clips that enrolled, those of training clips taken from `raw`."""
        places = {clip: row for row, clip in enumerate(self.split.train)}
        given = [
            raw[places[clip]] if clip in places else own
            for clip, own in zip(self.split.enrolled, self.enrolled, strict=True)
        ]
        return np.array(given, np.int32).reshape(-1, self.spec.features)

    def _examples(self, clips: Sequence[Clip], raw: NDArray[np.int32], enrolled: NDArray[np.int32]) -> Examples:
        inputs = np.empty(raw.shape, np.int8)
        for speaker, rows in turns(clips, self.split.seed).items():
            inputs[rows] = self.standardizer.follow(raw[rows], self.known(speaker, enrolled=enrolled))
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

    The training part alone decides copies and standardizer, which is one of `STANDARDIZATIONS`. For the one by
    which speakers enrol, they do so in the split (`enrolling`). Raises SertoolError for one that follows its
    speaker where nobody says who speaks.
    """
    following = STANDARDIZATIONS[standardization]
    if following and any(clip.speaker == UNKNOWN for clip in corpus.clips):
        raise SertoolError(
            f"the standardization {standardization} follows each speaker, and nobody says who speaks",
            where=corpus.root,
            hint="say who speaks with a speaker table or pattern, or leave the standardization fixed",
        )
    if isinstance(following, Enrolled) and not split.enrolled:
        raise SertoolError("no speaker of this split has enrolled", allowed="what `enrolling` gives")
    raw = {part: np.stack([features[clip] for clip in clips]) for part, clips in split.parts.items()}
    made = copies(split, raw["train"], spec, augmentation or Augmentation())
    heard = (raw["train"], *made)
    standardizer = Standardizer.fit(
        np.concatenate(heard),
        following=following,
        # Copies are heard one set after the other, see `training_data`.
        speakers=[f"{number} {clip.speaker}" for number in range(len(heard)) for clip in split.train],
        labels=[clip.emotion for clip in split.train] * len(heard),
        neutral=[clip.emotion == NEUTRAL for clip in split.train] * len(heard),
    )
    enrolled = np.array([features[clip] for clip in split.enrolled], np.int32).reshape(-1, spec.features)
    return Material(corpus, split, spec, standardizer, raw, made, enrolled)
