"""How much a speaker's utterances differ, and what becomes of means that come of one emotion only."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.standardization import Running, Speaker, Standardizer, Variety
from sertool.standardization.variety import MOST_SCATTER, REACH

RANDOM = np.random.default_rng(4)
#: Speakers shift every feature, classes the first two.
SPEAKERS, CLASSES, FEATURES = 6, 3, 8
WHO, HOW = np.divmod(np.arange(SPEAKERS * CLASSES * 20) % (SPEAKERS * CLASSES), CLASSES)


def uttered(how: NDArray[np.int64], shift: NDArray[np.float64]) -> NDArray[np.int32]:
    """Utterances of classes by voices that differ by `shift`."""
    found = RANDOM.normal(0, 100, (len(how), FEATURES)) + 200 * shift
    found[:, 0] += np.array([-300, 0, 300])[how]
    found[:, 1] += np.array([200, -400, 200])[how]
    return found.astype(np.int32)


TRAINING = uttered(HOW, RANDOM.normal(0, 1, (SPEAKERS, FEATURES))[WHO])
FOLLOWING = Standardizer.fit(
    TRAINING, following=Running(), speakers=[f"s{who}" for who in WHO], labels=[f"e{how}" for how in HOW]
)
FIXED = dataclasses.replace(FOLLOWING, running=None, variety=None)
VARIETY = FOLLOWING.variety
assert VARIETY is not None


def test_features_weigh_what_classes_make_of_them() -> None:
    assert VARIETY is not None
    assert VARIETY.weights.max() == 255
    assert set(np.argsort(VARIETY.weights)[-2:]) == {0, 1}
    assert VARIETY.weights[2:].max() < 10
    assert 0 < VARIETY.low < VARIETY.high / 2


@pytest.mark.parametrize("how", range(CLASSES))
def test_who_is_only_heard_in_one_class_is_heard_as_if_nobody_were_followed(how: int) -> None:
    shift = np.full(FEATURES, 0.5)
    heard = uttered(np.full(200, how), shift)
    plain, followed = (side.follow(heard).astype(int) for side in (FIXED, FOLLOWING))
    # Once nothing of the first surprise is left; numbers are rounded twice where means are kept.
    assert np.abs(followed - plain)[40:].mean() < 2
    trusting = dataclasses.replace(FOLLOWING, variety=Variety(np.ones(FEATURES, np.uint8), 10, 0, 1))
    assert np.abs(trusting.follow(heard).astype(int) - plain)[40:].mean() > 10


def test_who_is_heard_in_several_classes_is_followed() -> None:
    shift = np.linspace(-2, 2, FEATURES)
    heard = uttered(RANDOM.integers(0, CLASSES, 200), shift)
    plain, followed = (side.follow(heard).astype(float) for side in (FIXED, FOLLOWING))
    assert np.abs(followed[40:].mean(axis=0)).max() < np.abs(plain[40:].mean(axis=0)).max() / 4


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=FEATURES, max_size=FEATURES), st.integers(0, 40))
@settings(deadline=None)
def test_the_same_sound_for_ever_is_heard_as_if_nobody_were_followed(sound: list[int], before: int) -> None:
    """The bound: once what is heard no longer varies, no input is off by more than how it is rounded."""
    speaker = Speaker.unknown(FEATURES)
    FOLLOWING.follow(TRAINING[:before], speaker)
    same = np.array([sound], np.int32)
    FOLLOWING.follow(np.repeat(same, 400, axis=0), speaker)
    assert speaker.above <= 0
    assert np.abs(FOLLOWING.follow(same, speaker).astype(int) - FIXED.apply(same)).max() <= 1


@given(
    st.lists(st.sampled_from((-(2**31), -1, 0, 1, 2**31 - 1)), min_size=1, max_size=60),
    st.sampled_from((1, 255)),
    st.sampled_from((1, 255)),
)
@settings(deadline=None)
def test_scatter_stays_within_its_ends(sequence: list[int], prior: int, most: int) -> None:
    assert VARIETY is not None
    for low, high in ((0, 1), (0, MOST_SCATTER), (MOST_SCATTER - 1, MOST_SCATTER)):
        variety = dataclasses.replace(VARIETY, low=low, high=high)
        following = dataclasses.replace(FOLLOWING, running=Running(prior, most), variety=variety)
        speaker = Speaker.unknown(FEATURES)
        for value in sequence:
            following.follow(np.full((1, FEATURES), value, np.int32), speaker)
            assert -low <= speaker.above <= MOST_SCATTER - low
            assert 0 <= variety.trust(speaker.above) <= 2**15


def test_ends_of_trust() -> None:
    variety = Variety(np.ones(1, np.uint8), 0, 100, 103)
    assert [variety.trust(above) for above in (-100, 0, 1, 2, 3, 9)] == [0, 0, 10922, 21845, 2**15, 2**15]


def test_the_farthest_utterance_has_at_most_the_most_scatter() -> None:
    for features, weight in ((1, 1), (1, 255), (432, 255), (5000, 255)):
        steps = np.where(np.arange(24 * features).reshape(24, features) % 2, 100.0, -100.0)
        fitted = Variety.fit(steps, ["a"] * 24, ["b"] * 24)
        assert fitted.scatter(np.full(features, -REACH)) <= MOST_SCATTER, (features, weight)


def test_clips_that_nobody_tells_apart_have_no_range_of_trust() -> None:
    fitted = Variety.fit(RANDOM.normal(0, 30, (50, 4)), [""] * 50, [""] * 50)
    assert fitted.high == fitted.low + 1
    assert set(fitted.weights.tolist()) == {255}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weights": [0] * FEATURES}, "of 0 features is none"),
        ({"low": 9, "high": 9}, "from 9 to 9"),
        ({"weights": [256] + [0] * (FEATURES - 1)}, "256"),
        ({"high": 2**15}, "32768"),
        ({"shift": 0}, "lets scatter overflow"),
        ({"weights": [1]}, "1 weights"),
    ],
)
def test_variety_that_cannot_be_is_refused(fields: dict[str, object], message: str) -> None:
    stored = FOLLOWING.to_dict()
    with pytest.raises(SertoolError, match=message):
        Standardizer.from_dict({**stored, "variety": {**stored["variety"], **fields}})


def test_following_is_stored_whole_or_not_at_all() -> None:
    stored = FOLLOWING.to_dict()
    assert Standardizer.from_dict(stored) == FOLLOWING
    for name in ("running", "variety"):
        with pytest.raises(SertoolError, match="or by neither"):
            Standardizer.from_dict({key: value for key, value in stored.items() if key != name})
