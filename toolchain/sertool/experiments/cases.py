"""An experiment: how corpora are split and networks trained, and the cases that this makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sertool import corpora
from sertool.corpora import Corpus
from sertool.errors import SertoolError
from sertool.frontend import preset
from sertool.material import PROTOCOLS, Case, clip_features, enrolling, join, suitable
from sertool.training import FineTuningConfig, TrainingConfig


@dataclass(frozen=True)
class Experiment:
    """How corpora are split and networks trained; each of `seeds` serves for split and weights.

    `protocol` is one of `PROTOCOLS`. Raises SertoolError for another one, and where there is no seed.
    """

    protocol: str = "random10"
    descriptors: str = "moments"
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    fine_tuning: FineTuningConfig = field(default_factory=FineTuningConfig)

    def __post_init__(self) -> None:
        if self.protocol not in PROTOCOLS:
            raise SertoolError(f"unknown protocol: {self.protocol}", allowed=", ".join(PROTOCOLS))
        if not self.seeds:
            raise SertoolError("the experiment has no seed", allowed="at least one")


def cases(corpus: Corpus, experiment: Experiment) -> Iterator[Case]:
    """Yield the experiment's cases, fold by fold within each seed.

    Raises SertoolError as corpora and front end do.
    """
    spec = preset(experiment.descriptors)
    features = clip_features(corpus, spec)
    protocol, suits = PROTOCOLS[experiment.protocol], suitable(spec)
    for seed in experiment.seeds:
        for fold in range(corpora.folds(corpus, protocol.split)):
            split = enrolling(
                corpora.split(corpus, protocol.split, seed=seed, fold=fold), protocol.standardization, suits
            )
            yield join(corpus, split, spec, features, protocol.standardization).case()
