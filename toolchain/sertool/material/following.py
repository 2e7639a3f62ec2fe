"""How right a network is as it gets to know a speaker, after a change, and of who speaks neutrally."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.emotions import NEUTRAL
from sertool.errors import SertoolError
from sertool.material.material import Material
from sertool.material.turns import turns
from sertool.standardization import Speaker

#: First utterances of the groups that a curve over utterances heard has.
_FIRST = (1, 4, 7, 11, 21, 41)
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

    Of who enrols there is `enrolled` alone: by how many neutral utterances count, from 0 on, which is `first`.
    """

    heard: tuple[Score, ...]
    changed: tuple[Score, ...]
    neutral: Score | None
    neutral_clips: Score | None
    enrolled: tuple[Score, ...] = ()


@dataclass(frozen=True, eq=False)
class Occasions:
    """Test clips as they are heard on other occasions than a test's own.

    `changed` and `neutral` are indices of test clips, (n,) int64, a speaker each; what a network reads of them,
    one after the other, is `inputs`, int8 (sum of n, features). `fewer` are all of them, whoever speaks, once
    for each number of utterances below all with which speakers enrol.
    """

    changed: tuple[NDArray[np.int64], ...]
    neutral: tuple[NDArray[np.int64], ...]
    inputs: NDArray[np.int8]
    fewer: tuple[NDArray[np.int64], ...] = ()

    @property
    def rows(self) -> NDArray[np.int64]:
        """Which test clip each of `inputs` is."""
        return np.concatenate([np.empty(0, np.int64), *self.changed, *self.neutral, *self.fewer])


def occasions(material: Material) -> Occasions:
    """Let test clips be heard after a change of speaker, and after neutral utterances.

    Where speakers enrol: once they have with fewer utterances than all.

    Raises SertoolError for material whose standardizer follows nobody.
    """
    if material.standardizer.enrolled is not None:
        return _with_fewer(material, material.standardizer.enrolled.most)
    if material.standardizer.running is None:
        raise SertoolError(
            "this material's standardizer follows nobody", allowed="material of a standardization that follows"
        )
    clips, raw, follow = material.split.test, material.raw["test"], material.standardizer.follow
    order = turns(clips, material.split.seed)
    inputs = [np.empty((0, material.spec.features), np.int8)]
    changed, neutral = [], []
    for speaker, rows in order.items():
        if (before := _somebody_else(material, speaker)) is not None:
            changed.append(rows)
            inputs.append(follow(raw[rows], before))
    for rows in order.values():
        calm = [row for row in rows if clips[row].emotion == NEUTRAL]
        if calm:
            known = Speaker.unknown(material.spec.features)
            follow(raw[np.resize(calm, NEUTRALS)], known)
            neutral.append(rows)
            inputs += [follow(raw[row : row + 1], known.copy()) for row in rows]
    return Occasions(tuple(changed), tuple(neutral), np.concatenate(inputs))


def following(
    material: Material, met: Occasions, heard: NDArray[np.int64], elsewhere: NDArray[np.int64]
) -> Following:
    """Count a network's answers: labels `heard` to the test clips, and `elsewhere` to what `met` holds.

    Both are int64, of shapes (test clips,) and (`met.inputs`,).
    """
    truth = material.examples("test").labels
    own, after = heard == truth, elsewhere == truth[met.rows]
    if met.fewer:
        right = [*np.split(after, len(met.fewer)), own]
        by_number = tuple(Score(number, int(each.sum()), len(each)) for number, each in enumerate(right))
        return Following((), (), None, None, by_number)
    pieces = iter(np.split(after, np.cumsum([len(rows) for rows in (*met.changed, *met.neutral)])))
    first, changed = _Tally(), _Tally()
    for rows in turns(material.split.test, material.split.seed).values():
        first.add(own[rows])
    for _ in met.changed:
        changed.add(next(pieces))
    rows = np.concatenate([np.empty(0, np.int64), *met.neutral])
    right = after[len(after) - len(rows) :]
    calm = np.array([material.split.test[row].emotion == NEUTRAL for row in rows], bool)
    return Following(
        first.scores(),
        changed.scores(),
        Score(NEUTRALS + 1, int(right.sum()), len(right)) if len(right) else None,
        Score(NEUTRALS + 1, int(right[calm].sum()), int(calm.sum())) if len(right) else None,
    )


def _with_fewer(material: Material, most: int) -> Occasions:
    clips, raw = material.split.test, material.raw["test"]
    inputs = np.empty((most, *raw.shape), np.int8)
    for number, given in enumerate(inputs):
        for speaker, rows in turns(clips, material.split.seed).items():
            given[rows] = material.standardizer.follow(raw[rows], material.known(speaker, number))
    every = np.arange(len(clips))
    return Occasions((), (), inputs.reshape(-1, raw.shape[1]), (every,) * most)


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
