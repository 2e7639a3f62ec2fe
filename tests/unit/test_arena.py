from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import network
from sertool.firmware.arena import ALIGNMENT, Buffer, buffers, plan, scratch_name
from sertool.graph import IntegerGraph

drawn_buffers = st.lists(
    st.tuples(st.integers(0, 90), st.integers(0, 9), st.integers(0, 4)), min_size=0, max_size=12
).map(
    lambda items: [
        Buffer(f"t{number}", size, first, first + length) for number, (size, first, length) in enumerate(items)
    ]
)


@settings(max_examples=200, deadline=None)
@given(drawn_buffers)
def test_no_two_buffers_that_live_together_share_a_byte(listed: list[Buffer]) -> None:
    made = plan(listed)
    assert [place.buffer for place in made.placed] == listed
    assert made.size % ALIGNMENT == 0
    for place in made.placed:
        assert place.offset % ALIGNMENT == 0
        assert place.end <= made.size
    for one in made.placed:
        for other in made.placed:
            together = one.buffer.first <= other.buffer.last and other.buffer.first <= one.buffer.last
            apart = one.end <= other.offset or other.end <= one.offset
            assert one is other or not together or apart or 0 in (one.buffer.size, other.buffer.size)


@settings(max_examples=100, deadline=None)
@given(drawn_buffers)
def test_the_arena_is_no_larger_than_everything_side_by_side(listed: list[Buffer]) -> None:
    assert plan(listed).size <= sum(-(-buffer.size // ALIGNMENT) * ALIGNMENT for buffer in listed)


def test_memory_is_used_again() -> None:
    chain = [Buffer("a", 100, 0, 1), Buffer("b", 40, 1, 2), Buffer("c", 100, 2, 3), Buffer("d", 8, 3, 3)]
    made = plan(chain)
    assert made.size == 140
    assert made.offset("c") == made.offset("a") == 0


def test_a_gap_between_two_is_filled() -> None:
    made = plan(
        [Buffer("low", 40, 0, 3), Buffer("gone", 20, 0, 0), Buffer("high", 16, 0, 3), Buffer("late", 12, 2, 3)]
    )
    assert made.offset("high") == 60
    assert made.offset("late") == 40


@pytest.mark.parametrize(
    ("buffers", "what"),
    [
        ([Buffer("a", -1, 0, 0)], "a: -1 bytes"),
        ([Buffer("a", 1, 2, 1)], "a: 1 bytes from step 2 to 1"),
        ([Buffer("a", 1, 0, 0), Buffer("a", 1, 0, 0)], "two buffers have one name"),
    ],
)
def test_nonsense_is_refused(buffers: list[Buffer], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        plan(buffers)


def test_a_chain_needs_neighbours_and_scratch() -> None:
    graph = network([180, 512, 128, 7], ["1", "4", "8"])
    listed = {buffer.name: buffer for buffer in buffers(graph)}
    first, second, logits = graph.weighted
    assert listed[first.name] == Buffer(first.name, 512, 0, 1)
    # 180 inputs of 1 bit: 6 groups of 16 words; 512 of 4 bits: 256 words; 128 of 8 bits: two words a pair.
    assert listed[scratch_name(first)] == Buffer(scratch_name(first), 4 * 96, 0, 0)
    assert listed[scratch_name(second)].size == 4 * 256
    assert listed[scratch_name(logits)].size == 4 * 128
    # The results stay: logits, probabilities, label.
    assert {name for name, buffer in listed.items() if buffer.last == 4 and buffer.first < 4} == {
        logits.name,
        "probabilities",
    }
    assert listed["label"] == Buffer("label", 4, 4, 4)


def test_a_buffer_that_is_read_late_stays() -> None:
    """A branch: the third layer reads the first one's output."""
    graph = network([20, 8, 8, 4], ["8", "8", "8"])
    first, second, third, *ends = graph.layers
    skipping: IntegerGraph = dataclasses.replace(
        graph, layers=(first, second, dataclasses.replace(third, input=first.name), *ends)
    )
    listed = {buffer.name: buffer for buffer in buffers(skipping)}
    assert listed[first.name].last == 2
    # Nobody reads the second: it counts as a result.
    assert listed[second.name].last == len(graph.layers) - 1
