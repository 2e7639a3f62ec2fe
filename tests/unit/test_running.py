"""Standardization that follows its speaker: what it knows, forgets and never exceeds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.standardization import Running, Speaker, Standardizer, Variety
from sertool.standardization.speaker import FARTHEST, LONGEST

RANDOM = np.random.default_rng(0)
TRAINING = RANDOM.normal([2000, -500, 7], [300, 40, 0], (400, 3)).astype(np.int32)
ONE, TWO = (Variety(np.ones(features, np.uint8), 2, 0, 1) for features in (1, 2))
OTHER = (TRAINING + np.array([900, 120, 0])).astype(np.int32)
#: Whatever is heard varies enough.
TRUSTED = Variety(np.ones(3, np.uint8), 2, 0, 1)
RUNNING = dataclasses.replace(Standardizer.fit(TRAINING, following=Running()), variety=TRUSTED)
FIXED = Standardizer.fit(TRAINING)


def scaled(*values: int) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def test_the_first_utterance_takes_off_a_sixth_of_itself() -> None:
    found = Running(prior=5).hear(Speaker.unknown(3), scaled(6 * 64, -6 * 64, 0), TRUSTED)
    assert found.tolist() == [5, -5, 0]


def test_utterance_n_takes_off_the_mean_of_n_and_the_prior() -> None:
    speaker, heard = Speaker.unknown(1), []
    for n in range(1, 11):
        heard.append(int(RANDOM.integers(-4000, 4000)))
        found = Running(prior=3, most=10).hear(speaker, scaled(heard[-1]), ONE)
        assert abs(int(speaker.means[0]) - sum(heard) / (n + 3)) <= 2
        assert abs(int(found[0]) - (heard[-1] - sum(heard) / (n + 3)) / 64) <= 1
    assert speaker.heard == 10


def test_a_speaker_who_differs_from_all_others_is_heard_as_one_of_them() -> None:
    other = OTHER[:60]
    plain, followed = FIXED.follow(other), RUNNING.follow(other)
    assert (plain.mean(axis=0)[:2] > 80).all()
    assert (np.abs(followed[20:].astype(float).mean(axis=0)) < 12).all()


def test_a_new_speaker_takes_over_though_thousands_were_heard() -> None:
    speaker = Speaker.unknown(3)
    RUNNING.follow(np.tile(TRAINING, (10, 1)), speaker)
    assert speaker.heard == Running().most
    other = OTHER[:100]
    assert (np.abs(RUNNING.follow(other, speaker)[60:].astype(float).mean(axis=0)) < 12).all()


def test_a_sequence_can_be_cut_anywhere() -> None:
    whole = RUNNING.follow(TRAINING[:30])
    for at in (0, 1, 17, 30):
        speaker = Speaker.unknown(3)
        parts = [RUNNING.follow(part, speaker) for part in (TRAINING[:at], TRAINING[at:30])]
        assert np.array_equal(np.concatenate(parts), whole)


def test_a_copy_goes_on_apart() -> None:
    speaker = Speaker.unknown(3)
    RUNNING.follow(TRAINING[:5], speaker)
    means, copy = speaker.means.tolist(), speaker.copy()
    RUNNING.follow(TRAINING[5:9], copy)
    assert (speaker.means.tolist(), speaker.heard) == (means, 5)


@given(
    st.integers(1, 255),
    st.integers(1, 255),
    st.lists(st.sampled_from((-FARTHEST, -LONGEST, -1, 0, 1, LONGEST, FARTHEST)), max_size=80),
    st.sampled_from((-FARTHEST, 0, FARTHEST)),
)
@settings(deadline=None)
def test_a_mean_goes_towards_what_is_heard_and_never_past_it(
    prior: int, most: int, sequence: list[int], start: int
) -> None:
    running, speaker = Running(prior, most), Speaker(np.array([start], np.int16))
    for value in sequence:
        before = int(speaker.means[0])
        running.hear(speaker, scaled(value), ONE)
        after = int(speaker.means[0])
        assert min(before, value) <= after <= max(before, value)
        assert abs(after - before) <= LONGEST // 2
        assert 0 < speaker.heard <= most


def test_no_number_of_utterances_takes_a_mean_beyond_its_end() -> None:
    speaker, running = Speaker.unknown(2), Running(1, 1)
    for _ in range(500):
        running.hear(speaker, scaled(FARTHEST, -FARTHEST), TWO)
    # Half a step is rounded up, so from below the last one is not taken.
    assert speaker.means.tolist() == [FARTHEST, 1 - FARTHEST]
    speaker.above = 1
    assert running.hear(speaker, scaled(FARTHEST, -FARTHEST), TWO).tolist() == [0, 0]


def test_one_odd_utterance_moves_no_mean_by_more_than_its_part_of_the_range() -> None:
    speaker = Speaker.unknown(3)
    RUNNING.follow(TRAINING[:40], speaker)
    before = speaker.means.astype(int)
    RUNNING.follow(np.full((1, 3), 2**24 - 1, np.int32), speaker)
    assert (np.abs(speaker.means - before) <= LONGEST // (Running().most + Running().prior) + 1).all()


def test_what_never_varied_stays_nothing() -> None:
    constant = Standardizer.fit(np.full((4, 2), 9, np.int32), following=Running())
    assert not constant.follow(RANDOM.integers(-(2**24), 2**24, (50, 2)).astype(np.int32)).any()


def test_no_utterance_gives_no_input() -> None:
    for standardizer in (FIXED, RUNNING):
        assert standardizer.follow(np.zeros((0, 3), np.int32)).shape == (0, 3)


@pytest.mark.parametrize("changed", [{"prior": 0}, {"prior": 256}, {"most": 0}, {"most": 256}, {"cap": 3}])
def test_settings_out_of_range_are_refused(changed: dict[str, int]) -> None:
    with pytest.raises(SertoolError, match=next(iter(changed))):
        Standardizer.from_dict({**RUNNING.to_dict(), "running": {"prior": 5, "most": 16, **changed}})
