"""What networks answered to clips that they had not heard, summed up into an `Evaluation`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sertool.evaluation import (
    BUILT,
    Evaluation,
    LabelFigures,
    Misheard,
    NetworkFigures,
    Repeats,
    SpeakerFigures,
    Spread,
)
from sertool.intervals import student, wilson
from sertool.reliability import Calibration, reliability, sureness
from sertool.training.metrics import Accuracy, accuracy

#: Values that an interval needs: two say next to nothing about a third.
LEAST = 3


@dataclass(frozen=True)
class Answer:
    """One clip, by its path below the corpus, who speaks, what it is labelled, and what a network heard.

    `confidence` is the probability of that, in 256ths; `untempered` the same without the network's temperature.
    The network is `sure` where its rule has no doubt.
    """

    file: str
    speaker: str
    label: str
    heard: str
    confidence: int
    untempered: int
    sure: bool


@dataclass(frozen=True)
class Examined:
    """One network and its answers; `seed` and `fold` are those that it was trained with, by who evaluates it.

    `temperature` is what its logits are divided by, `float_accuracy` that of its float network on these clips.
    """

    shape: str
    plan: str
    bytes: int
    answers: tuple[Answer, ...]
    temperature: float = 1.0
    seed: int | None = None
    fold: int | None = None
    float_accuracy: float | None = None


def across(
    corpus: str,
    protocol: str,
    labels: Sequence[str],
    examined: Sequence[Examined],
    *,
    synthetic: bool = False,
    notes: Sequence[str] = (),
) -> Evaluation:
    """Sum up the networks of a protocol, one a fold and seed, each with its float accuracy."""
    networks = tuple(_network(one, labels) for one in examined)
    # `speaker-running` splits as `speaker` does.
    repeats: Repeats = "folds" if protocol.partition("-")[0] == "speaker" else "seeds"

    def over(value: Callable[[NetworkFigures], float]) -> Spread:
        return spread(networks, [value(network) for network in networks], repeats)

    return Evaluation(
        corpus=corpus,
        synthetic=synthetic,
        protocol=protocol,
        repeats=repeats,
        seeds=len({network.seed for network in networks}),
        folds=len({network.fold for network in networks}),
        labels=tuple(labels),
        accuracy=over(lambda network: network.accuracy),
        unweighted=over(lambda network: network.unweighted),
        macro_f1=over(lambda network: network.macro_f1),
        float_accuracy=over(_floating),
        difference=over(lambda network: network.accuracy - _floating(network)),
        networks=networks,
        **_answers(examined, labels),
        notes=tuple(notes),
    )


def of_one(
    corpus: str,
    labels: Sequence[str],
    examined: Examined,
    *,
    synthetic: bool = False,
    notes: Sequence[str] = (),
) -> Evaluation:
    """Sum up one network that is there already."""
    network = _network(examined, labels)
    right = sum(answer.heard == answer.label for answer in examined.answers)
    interval = wilson(right, len(examined.answers))
    return Evaluation(
        corpus=corpus,
        synthetic=synthetic,
        protocol=BUILT,
        repeats="clips",
        seeds=1,
        folds=1,
        labels=tuple(labels),
        accuracy=Spread(interval.mean, interval.low, interval.high),
        unweighted=Spread(network.unweighted, None, None),
        macro_f1=Spread(network.macro_f1, None, None),
        float_accuracy=None,
        difference=None,
        networks=(network,),
        **_answers([examined], labels),
        notes=tuple(notes),
    )


def _floating(network: NetworkFigures) -> float:
    assert network.float_accuracy is not None
    return network.float_accuracy


def spread(networks: Sequence[NetworkFigures], each: Sequence[float], repeats: Repeats) -> Spread:
    """Return the mean over `repeats` of values of which `each` is a network's, with its interval."""
    groups: dict[int | None, list[float]] = {}
    for network, value in zip(networks, each, strict=True):
        groups.setdefault(network.fold if repeats == "folds" else network.seed, []).append(value)
    values = [sum(group) / len(group) for group in groups.values()]
    found = student(values)
    known = len(values) >= LEAST
    return Spread(found.mean, found.low if known else None, found.high if known else None)


def _counted(answers: Iterable[Answer], labels: Sequence[str]) -> Accuracy:
    place = {label: index for index, label in enumerate(labels)}
    pairs = [(place[answer.label], place[answer.heard]) for answer in answers]
    truth, heard = np.array(pairs, np.int64).reshape(-1, 2).T
    return accuracy(truth, heard, labels)


def _network(examined: Examined, labels: Sequence[str]) -> NetworkFigures:
    found = _counted(examined.answers, labels)
    return NetworkFigures(
        seed=examined.seed,
        fold=examined.fold,
        speakers=tuple(sorted({answer.speaker for answer in examined.answers})),
        clips=found.clips,
        shape=examined.shape,
        plan=examined.plan,
        bytes=examined.bytes,
        accuracy=found.weighted,
        unweighted=found.unweighted,
        macro_f1=found.macro_f1,
        float_accuracy=examined.float_accuracy,
        temperature=examined.temperature,
    )


def _answers(examined: Sequence[Examined], labels: Sequence[str]) -> dict[str, Any]:
    """What all answers say together: counts, and figures by label, speaker and clip."""
    answers = [answer for one in examined for answer in one.answers]
    found = _counted(answers, labels)
    figures = zip(labels, found.confusion, found.recalls, found.precisions, found.f1_scores, strict=True)
    return {
        "confusion": tuple(map(tuple, found.confusion.tolist())),
        "calibration": _calibration(answers),
        "sureness": sureness(
            [answer.sure for answer in answers], [answer.heard == answer.label for answer in answers]
        ),
        "by_label": tuple(LabelFigures(label, int(row.sum()), *rest) for label, row, *rest in figures),
        "by_speaker": tuple(
            _speaker(name, [answer for answer in answers if answer.speaker == name], labels)
            for name in sorted({answer.speaker for answer in answers})
        ),
        "misheard": _misheard(answers),
    }


def _calibration(answers: Sequence[Answer]) -> Calibration:
    right = [answer.heard == answer.label for answer in answers]
    return Calibration(
        reliability([answer.untempered for answer in answers], right),
        reliability([answer.confidence for answer in answers], right),
    )


def _speaker(name: str, answers: Sequence[Answer], labels: Sequence[str]) -> SpeakerFigures:
    found = _counted(answers, labels)
    clips = len({answer.file for answer in answers})
    return SpeakerFigures(name, clips, found.clips, found.weighted, found.unweighted)


def _misheard(answers: Iterable[Answer]) -> tuple[Misheard, ...]:
    """The clips with wrong answers, those with most of them first."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.file, []).append(answer)
    found = []
    for file, group in groups.items():
        wrong = Counter(answer.heard for answer in group if answer.heard != answer.label)
        if wrong:
            found.append(
                Misheard(file, group[0].speaker, group[0].label, dict(wrong.most_common()), len(group))
            )
    return tuple(sorted(found, key=lambda one: (-sum(one.heard.values()) / one.networks, one.file)))
