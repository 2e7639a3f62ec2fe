"""What is said of a network that gets to know its speakers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from test_material import LABELS, clips, heard, material

from sertool.errors import SertoolError
from sertool.material import Score, following
from sertool.material.turns import turns


def test_answers_are_counted_by_the_number_of_the_utterance() -> None:
    made = material("running", clips(), heard(clips()))
    found = following(made, lambda inputs: np.full(len(inputs), 1, np.int64))
    order = turns(made.split.test, made.split.seed)
    right = dict.fromkeys((1, 4), 0)
    for rows in order.values():
        for number, row in enumerate(rows, 1):
            right[1 if number < 4 else 4] += made.split.test[row].emotion == LABELS[1]
    counts = [len(rows) for rows in order.values()]
    first, later = sum(min(3, count) for count in counts), sum(max(0, count - 3) for count in counts)
    assert found.heard == (Score(1, right[1], first), Score(4, right[4], later))
    assert [(each.first, each.count) for each in found.changed] == [(1, first), (4, later)]
    calm = {clip.speaker for clip in made.split.test if clip.emotion == "neutral"}
    among = [clip.emotion == "neutral" for clip in made.split.test if clip.speaker in calm]
    assert found.neutral == Score(21, sum(among), len(among))
    assert found.neutral_clips == Score(21, sum(among), sum(among))


def test_the_network_reads_what_a_device_would_give_it() -> None:
    made = material("running", clips(), heard(clips()))
    given: list[NDArray[np.int8]] = []

    def answer(inputs: NDArray[np.int8]) -> NDArray[np.int64]:
        given.append(inputs)
        return np.zeros(len(inputs), np.int64)

    following(made, answer)
    rows = turns(made.split.test, made.split.seed)["ann"]
    expected = made.examples("test").features[rows]
    assert np.array_equal(given[0], expected)
    assert not np.array_equal(given[1], expected)


def test_who_speaks_alone_takes_nobodys_place() -> None:
    alone = clips(("ann",))
    found = following(material("running", alone, heard(alone)), lambda inputs: np.zeros(len(inputs), np.int64))
    assert found.changed == ()


def test_material_that_follows_nobody_is_refused() -> None:
    with pytest.raises(SertoolError, match="follows nobody"):
        following(material("fixed", clips(), heard(clips())), lambda inputs: np.zeros(len(inputs), np.int64))
