"""Accuracy as tables state it: one corpus, protocol, front end, shape and plan, over seeds and folds.

A *case* is one seed and fold: standardize, train and quantize on its training and validation parts, then look
at its test part once, with the float network and with the integer reference.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool import corpora, laq, training
from sertool.corpora import Clip, Corpus, Split
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, Standardizer, extract, preset
from sertool.graph import TensorScale
from sertool.training import Accuracy, Examples, FineTuningConfig, TrainingConfig, TrainingData


@dataclass(frozen=True)
class Experiment:
    """What a row of the table is about; `plan` as people write it, `seeds` each used for split and weights.

    Raises SertoolError where there is no seed.
    """

    protocol: str = "random10"
    descriptors: str = "moments"
    plan: str = "1,1,4,4,8"
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


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one case gave on its test part, and the bytes of the quantized network's weights, scales, biases."""

    seed: int
    fold: int
    real: Accuracy
    quantized: Accuracy
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON types; `outcome_from_dict` reads them."""
        return {
            "seed": self.seed,
            "fold": self.fold,
            "labels": list(self.real.labels),
            "real": self.real.confusion.tolist(),
            "quantized": self.quantized.confusion.tolist(),
            "bytes": self.bytes,
        }


def outcome_from_dict(values: dict[str, Any]) -> Outcome:
    """Read what `Outcome.to_dict` wrote."""
    labels = tuple(values["labels"])
    real, quantized = (Accuracy(np.array(values[name], np.int64), labels) for name in ("real", "quantized"))
    return Outcome(values["seed"], values["fold"], real, quantized, values["bytes"])


def cases(corpus: Corpus, experiment: Experiment) -> Iterator[Case]:
    """Yield the experiment's cases, fold by fold within each seed.

    Raises SertoolError as corpora and front end do.
    """
    spec = preset(experiment.descriptors)
    features = dict(zip(corpus.clips, _features(corpus, spec), strict=True))
    for seed in experiment.seeds:
        for fold in range(corpora.folds(corpus, experiment.protocol)):
            split = corpora.split(corpus, experiment.protocol, seed=seed, fold=fold)
            yield make_case(split, features, corpus.emotions)


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


def solve(case: Case, experiment: Experiment) -> Outcome:
    """Train, quantize and test one case. Raises SertoolError as training and quantization do."""
    model, quantized = learn(case.data, experiment, case.seed)
    return Outcome(
        case.seed,
        case.fold,
        training.evaluate(model, case.test),
        laq.evaluate(laq.integer_graph(quantized), case.test),
        quantized.bytes,
    )


def learn(
    data: TrainingData, experiment: Experiment, seed: int
) -> tuple[training.FloatModel, laq.QuantizedModel]:
    """Make the float and the quantized network of one case, without its test part."""
    model, _ = training.fit(data, dataclasses.replace(experiment.training, seed=seed))
    plan = laq.parse_plan(experiment.plan, [layer.name for layer in model.layers])
    return model, laq.fine_tune(model, plan, data, dataclasses.replace(experiment.fine_tuning, seed=seed))


def _features(corpus: Corpus, spec: FrontendSpec) -> NDArray[np.int32]:
    return extract(
        [clip.path for clip in corpus.clips],
        spec,
        read=lambda path: corpora.read_pcm(path, spec.sample_rate).samples,
    )
