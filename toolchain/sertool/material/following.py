"""How right a network is as it gets to know a speaker, after a change, and of who speaks neutrally."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.material.material import Material
from sertool.material.turns import turns
from sertool.standardization import Speaker

#: First utterances of the groups that a curve over utterances heard has.
_FIRST = (1, 4, 7, 11, 21, 41)
NEUTRAL = "neutral"
#: Neutral utterances that come first where that is asked; those of who has fewer come again.
NEUTRALS = 20


@dataclass(frozen=True)
class Score:
    """How many of `count` answers were right; `first` numbers the first utterance, from 1."""

    first: int
    right: int
    count: int


@dataclass(frozen=True)
class Following:
    """Answers to the test clips, so that they add up over folds and seeds.

    `heard` by the number of the utterance after a reset. `changed` likewise, where somebody else of the corpus
    was heard before and nobody said so; empty where there is nobody else. `neutral` are the answers after
    20 neutral utterances of the speaker, to each clip alone, and `neutral_clips` those to neutral clips among
    them; speakers without a neutral clip are left out, and both are None where that is everybody.
    """

    heard: tuple[Score, ...]
    changed: tuple[Score, ...]
    neutral: Score | None
    neutral_clips: Score | None


def following(material: Material, answer: Callable[[NDArray[np.int8]], NDArray[np.int64]]) -> Following:
    """Let a network that `answer`s int8 (n, features) with labels (n,) hear the test clips in several orders.

    Raises SertoolError for material whose standardizer follows nobody.
    """
    if material.standardizer.running is None:
        raise SertoolError(
            "this material's standardizer follows nobody", allowed="material of a standardization that follows"
        )
    clips, raw = material.split.test, material.raw["test"]
    truth = material.examples("test").labels
    order = turns(clips, material.split.seed)
    heard, changed = _Tally(), _Tally()
    neutral, neutral_clips = [0, 0], [0, 0]
    for speaker, rows in order.items():
        heard.add(answer(material.standardizer.follow(raw[rows])) == truth[rows])
        if (before := _somebody_else(material, speaker)) is not None:
            changed.add(answer(material.standardizer.follow(raw[rows], before)) == truth[rows])
        calm = [row for row in rows if clips[row].emotion == NEUTRAL]
        if calm:
            known = Speaker.unknown(material.spec.features)
            material.standardizer.follow(raw[np.resize(calm, NEUTRALS)], known)
            alone = [material.standardizer.follow(raw[row : row + 1], known.copy()) for row in rows]
            right = answer(np.concatenate(alone)) == truth[rows]
            for tally, among in ((neutral, right), (neutral_clips, right[np.isin(rows, calm)])):
                tally[0] += int(among.sum())
                tally[1] += len(among)
    return Following(
        heard.scores(),
        changed.scores(),
        Score(NEUTRALS + 1, *neutral) if neutral[1] else None,
        Score(NEUTRALS + 1, *neutral_clips) if neutral[1] else None,
    )


def _somebody_else(material: Material, speaker: str) -> Speaker | None:
    """Whom a device knows that has heard all clips of the next speaker by name, in whatever part they are."""
    names = material.corpus.speakers
    other = names[(names.index(speaker) + 1) % len(names)]
    if other == speaker:
        return None
    known = Speaker.unknown(material.spec.features)
    for part, clips in material.split.parts.items():
        if (rows := turns(clips, material.split.seed).get(other)) is not None:
            material.standardizer.follow(material.raw[part][rows], known)
    return known


class _Tally:
    """Right answers by the number of the utterance."""

    def __init__(self) -> None:
        self._right = [0] * len(_FIRST)
        self._count = [0] * len(_FIRST)

    def add(self, right: NDArray[np.bool_]) -> None:
        groups = np.searchsorted(_FIRST, np.arange(1, len(right) + 1), side="right") - 1
        for group, one in zip(groups.tolist(), right.tolist(), strict=True):
            self._right[group] += one
            self._count[group] += 1

    def scores(self) -> tuple[Score, ...]:
        found = zip(_FIRST, self._right, self._count, strict=True)
        return tuple(Score(*each) for each in found if each[2])
