"""Cases: what one seed and fold of an experiment may train on, and apart from it what it is tested on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sertool import corpora
from sertool.corpora import Clip, Corpus, Split
from sertool.digests import code_digest
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, Standardizer, extract, preset
from sertool.graph import TensorScale
from sertool.training import Examples, FineTuningConfig, TrainingConfig, TrainingData


@dataclass(frozen=True)
class Experiment:
    """How corpora are split and networks trained; each of `seeds` serves for split and weights.

    Raises SertoolError where there is no seed.
    """

    protocol: str = "random10"
    descriptors: str = "moments"
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    fine_tuning: FineTuningConfig = field(default_factory=FineTuningConfig)

    def __post_init__(self) -> None:
        if not self.seeds:
            raise SertoolError("the experiment has no seed", allowed="at least one")


@dataclass(frozen=True, eq=False)
class Case:
    """One seed and fold: what training may see, and apart from it what only the final look may."""

    seed: int
    fold: int
    data: TrainingData
    test: Examples


def cases(corpus: Corpus, experiment: Experiment) -> Iterator[Case]:
    """Yield the experiment's cases, fold by fold within each seed.

    Raises SertoolError as corpora and front end do.
    """
    features = clip_features(corpus, preset(experiment.descriptors))
    for seed in experiment.seeds:
        for fold in range(corpora.folds(corpus, experiment.protocol)):
            split = corpora.split(corpus, experiment.protocol, seed=seed, fold=fold)
            yield make_case(split, features, corpus.emotions)


def clip_features(corpus: Corpus, spec: FrontendSpec) -> dict[Clip, NDArray[np.int32]]:
    """Run the front end over every clip: int32 (features,) each."""
    rows = extract(
        [clip.path for clip in corpus.clips],
        spec,
        read=lambda path: corpora.read_pcm(path, spec.sample_rate).samples,
        reading=code_digest(corpora.READING)[:16],
    )
    return dict(zip(corpus.clips, rows, strict=True))


def make_case(split: Split, features: dict[Clip, NDArray[np.int32]], labels: Sequence[str]) -> Case:
    """Standardize a split's clips, int32 (features,) each, by the training part alone."""
    standardizer = Standardizer.fit(np.stack([features[clip] for clip in split.train]))

    def examples(clips: Sequence[Clip]) -> Examples:
        rows = np.stack([features[clip] for clip in clips])
        truth = np.array([labels.index(clip.emotion) for clip in clips], np.int64)
        return Examples(standardizer.apply(rows), truth)

    scale = TensorScale(standardizer.scale, standardizer.zero_point)
    data = TrainingData(examples(split.train), examples(split.validation), tuple(labels), scale)
    return Case(split.seed, split.fold, data, examples(split.test))
