"""What following the speaker gives: networks that follow beside networks that do not, on the same clips."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from sertool.evaluation import CalmFigures, EnrolledFigures, Evaluation, FollowingFigures, HeardFigures
from sertool.experiments.scoring import spread
from sertool.material import NEUTRALS, Following, Score


def beside(
    followed: Evaluation, plain: Evaluation, answers: Sequence[tuple[Following, Following]]
) -> Evaluation:
    """Return `followed` with its `FollowingFigures`.

    `plain` is of the same folds and seeds in the same order; `answers` are those of each network of `followed`
    and of its fellow of `plain`.
    """
    gains = [
        one.accuracy - other.accuracy for one, other in zip(followed.networks, plain.networks, strict=True)
    ]
    own, others = ([pair[side] for pair in answers] for side in (0, 1))
    return dataclasses.replace(
        followed,
        following=FollowingFigures(
            plain.accuracy,
            plain.unweighted,
            spread(followed.networks, gains, followed.repeats),
            _heard(own, others),
            _calm(own, others),
            _enrolled(own, others),
        ),
    )


def _heard(own: Sequence[Following], others: Sequence[Following]) -> tuple[HeardFigures, ...]:
    heard, plain = (_summed(score for one in side for score in one.heard) for side in (own, others))
    changed = _summed(score for one in own for score in one.changed)
    if not heard:
        return ()
    lasts = [*(first - 1 for first in list(heard)[1:]), None]
    return tuple(
        HeardFigures(
            first,
            last,
            score.count,
            score.right / score.count,
            changed[first].right / changed[first].count if first in changed else None,
            plain[first].right / plain[first].count,
        )
        for (first, score), last in zip(heard.items(), lasts, strict=True)
    )


def _calm(own: Sequence[Following], others: Sequence[Following]) -> CalmFigures | None:
    every, neutral, plain, neutral_plain = (
        _total(getattr(one, name) for one in side)
        for side in (own, others)
        for name in ("neutral", "neutral_clips")
    )
    if every is None or neutral is None or plain is None or neutral_plain is None:
        return None
    return CalmFigures(
        NEUTRALS,
        every.count,
        every.right / every.count,
        plain.right / plain.count,
        neutral.count,
        neutral.right / neutral.count,
        neutral_plain.right / neutral_plain.count,
    )


def _enrolled(own: Sequence[Following], others: Sequence[Following]) -> tuple[EnrolledFigures, ...]:
    enrolled, plain = (_summed(score for one in side for score in one.enrolled) for side in (own, others))
    return tuple(
        EnrolledFigures(
            number, score.count, score.right / score.count, plain[number].right / plain[number].count
        )
        for number, score in enrolled.items()
    )


def _summed(scores: Iterable[Score]) -> dict[int, Score]:
    """Scores added up by their first utterance, in its order."""
    groups: dict[int, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.first, []).append(score)
    return {first: added for first in sorted(groups) if (added := _total(groups[first])) is not None}


def _total(scores: Iterable[Score | None]) -> Score | None:
    found = [score for score in scores if score is not None]
    if not found:
        return None
    return Score(found[0].first, sum(one.right for one in found), sum(one.count for one in found))
