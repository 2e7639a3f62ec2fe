"""Standardization by what a speaker enrolled with: what it learns, what it refuses, how far it can go wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sertool.errors import SertoolError
from sertool.standardization import Enrolled, Neutral, Running, Speaker, Standardizer
from sertool.standardization.speaker import FARTHEST, LONGEST

RANDOM = np.random.default_rng(0)
WHO = [f"s{row % 8}" for row in range(400)]
CALM = [row // 8 % 2 == 0 for row in range(400)]
#: How far speakers are apart, and how far everybody gets who is not neutral; one feature never varies.
_SPEAKERS = RANDOM.normal(0, 1, (8, 3)) * [900, 1, 0]
_ANGRY = np.array([300, 90, 0])
TRAINING = (
    RANDOM.normal([2000, -500, 7], [300, 40, 0], (400, 3))
    + _SPEAKERS[[row % 8 for row in range(400)]]
    + np.where(np.array(CALM)[:, np.newaxis], 0, _ANGRY)
).astype(np.int32)
ENROLLED = Standardizer.fit(TRAINING, following=Enrolled(), speakers=WHO, neutral=CALM)
FIXED = Standardizer.fit(TRAINING)
NEUTRAL = ENROLLED.neutral
assert NEUTRAL is not None
ONE = Neutral(np.zeros(1, np.int16), np.full(1, 4, np.uint8))


def near(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether inputs are equal but for a step that is rounded twice."""
    return bool((np.abs(one.astype(int) - other) <= 1).all())


def test_who_never_enrols_is_heard_as_without_following() -> None:
    assert near(ENROLLED.follow(TRAINING), FIXED.follow(TRAINING))


def test_what_is_heard_teaches_nothing() -> None:
    speaker = Speaker.unknown(3)
    once = ENROLLED.follow(TRAINING, speaker)
    assert (speaker.heard, speaker.means.any()) == (0, False)
    assert np.array_equal(ENROLLED.follow(TRAINING, speaker), once)


def test_means_are_the_shrunken_distance_from_the_neutral_point() -> None:
    neutral = Neutral(np.array([640], np.int16), np.array([12], np.uint8))
    speaker, heard = Speaker.unknown(1), [3000, -1000, 777]
    for count, value in enumerate(heard, 1):
        Enrolled().enroll(speaker, np.array([value], np.int32), neutral)
        assert abs(int(speaker.means[0]) - sum(one - 640 for one in heard[:count]) / (count + 3)) <= 2
        assert speaker.heard == count


def test_the_neutral_point_is_the_mean_of_speakers_and_priors_are_of_variances() -> None:
    scaled = ENROLLED._close(TRAINING)
    calm = np.array(CALM)
    means = [scaled[calm & (np.array(WHO) == who)].mean(axis=0) for who in sorted(set(WHO))]
    assert NEUTRAL.points.tolist() == np.round(np.mean(means, axis=0)).tolist()
    # Speakers differ three times as much as one of them does: one utterance says nearly all. Or hardly at all.
    assert NEUTRAL.priors[0] == 1 and NEUTRAL.priors[1] > 100


def test_a_speaker_who_differs_is_heard_as_one_of_the_others_once_enrolled() -> None:
    other = (RANDOM.normal([4500, -500, 7], [300, 40, 0], (60, 3))).astype(np.int32)
    known = Speaker.unknown(3)
    ENROLLED.enroll(other[:3], known)
    plain, followed = (FIXED.follow(other[3:]), ENROLLED.follow(other[3:], known))
    assert plain[:, 0].mean() > 50 > 20 > abs(followed[:, 0].mean())


@pytest.mark.parametrize("speakers", [["one"] * 6, list("abcdef")])
def test_where_variances_say_nothing_there_is_one_prior(speakers: list[str]) -> None:
    found = Neutral.fit(np.arange(12, dtype=np.int32).reshape(6, 2), speakers)
    assert found.priors.tolist() == [12, 12]
    assert found.points.tolist() == [5, 6]


def test_what_never_varied_stays_nothing() -> None:
    constant = Standardizer.fit(np.full((4, 2), 9, np.int32), following=Enrolled())
    known = Speaker.unknown(2)
    constant.enroll(RANDOM.integers(-(2**24), 2**24, (3, 2)).astype(np.int32), known)
    assert not constant.follow(RANDOM.integers(-(2**24), 2**24, (50, 2)).astype(np.int32), known).any()


def test_a_fourth_utterance_is_refused_and_changes_nothing() -> None:
    known = Speaker.unknown(3)
    ENROLLED.enroll(TRAINING[:3], known)
    means = known.means.tolist()
    with pytest.raises(SertoolError, match="enrolled with 3 utterances already") as caught:
        ENROLLED.enroll(TRAINING[3:4], known)
    assert caught.value.allowed == "at most 3" and "forget the speaker first" in str(caught.value.hint)
    assert (known.heard, known.means.tolist()) == (3, means)


@pytest.mark.parametrize("other", [FIXED, Standardizer.fit(TRAINING, following=Running())])
def test_nobody_enrols_with_another_standardization(other: Standardizer) -> None:
    with pytest.raises(SertoolError, match="nobody enrols with this model"):
        other.enroll(TRAINING[:1], Speaker.unknown(3))


values = st.sampled_from((-FARTHEST, -LONGEST, -1, 0, 1, LONGEST, FARTHEST))


@given(st.lists(values, min_size=1, max_size=3), values, st.sampled_from((1, 4, 12, 255)), values)
@settings(deadline=None)
def test_whatever_enrols_inputs_move_by_less_than_their_bound(
    given: list[int], point: int, prior: int, heard: int
) -> None:
    """A mean goes towards what is given and never past it: by at most n / (n + prior) of the way, each cut."""
    neutral = Neutral(np.array([point], np.int16), np.array([prior], np.uint8))
    speaker, bound = Speaker.unknown(1), 0.0
    for count, value in enumerate(given, 1):
        before = int(speaker.means[0])
        Enrolled().enroll(speaker, np.array([value], np.int32), neutral)
        after, aim = int(speaker.means[0]), value - point
        assert min(before, aim) <= after <= max(before, aim)
        bound += LONGEST / (count + prior / 4)
        assert abs(after) <= bound + count
    assert abs(after) <= 1.56 * LONGEST
    plain = Enrolled().hear(Speaker.unknown(1), np.array([heard], np.int32))
    moved = Enrolled().hear(speaker, np.array([heard], np.int32))
    assert abs(int(moved[0]) - int(plain[0])) <= bound / 64 + 1


def test_ties_are_rounded_up_as_everywhere() -> None:
    for heard, mean in ((1, 1), (-1, 0), (3, 2), (-3, -1)):
        speaker = Speaker.unknown(1)
        Enrolled().enroll(speaker, np.array([heard], np.int32), ONE)
        assert speaker.means.tolist() == [mean]
    for mean, step in ((32, 0), (-32, 1), (31, 0), (-31, 0), (33, -1)):
        speaker = Speaker(np.array([mean], np.int16))
        assert Enrolled().hear(speaker, np.zeros(1, np.int32)).tolist() == [step]


def test_it_is_kept_whole() -> None:
    again = Standardizer.from_dict(ENROLLED.to_dict())
    assert again == ENROLLED and hash(again) == hash(ENROLLED) and again != FIXED
    known = Speaker.unknown(3)
    again.enroll(TRAINING[:2], known)
    expected = Speaker.unknown(3)
    ENROLLED.enroll(TRAINING[:2], expected)
    assert np.array_equal(again.follow(TRAINING, known), ENROLLED.follow(TRAINING, expected))


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"enrolled": {"most": 0}}, "most"),
        ({"enrolled": {"most": 4}}, "most"),
        ({"enrolled": {"prior": 5}}, "prior"),
        ({"neutral": {"points": [0, 0, 2**15], "priors": [1, 1, 1]}}, "points"),
        ({"neutral": {"points": [0, 0, 0], "priors": [1, 1, 0]}}, "priors"),
        ({"neutral": {"points": [0, 0, 0], "priors": [1, 1]}}, "priors"),
        ({"neutral": {"points": [0, 0], "priors": [1, 1]}}, "the neutral point has 2 values"),
        ({"neutral": None}, "by `enrolled` and `neutral`, or by neither"),
        ({"enrolled": None}, "by `enrolled` and `neutral`, or by neither"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(SertoolError, match=word):
        Standardizer.from_dict({**ENROLLED.to_dict(), **changed})


def test_nobody_is_followed_in_two_ways() -> None:
    running = Standardizer.fit(TRAINING, following=Running())
    with pytest.raises(SertoolError, match="not by both"):
        dataclasses.replace(running, enrolled=ENROLLED.enrolled, neutral=ENROLLED.neutral)
