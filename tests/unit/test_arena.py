from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import network
from sertool.firmware.arena import ALIGNMENT, Tensor, plan, scratch_name, tensors
from sertool.graph import IntegerGraph

drawn_tensors = st.lists(
    st.tuples(st.integers(0, 90), st.integers(0, 9), st.integers(0, 4)), min_size=0, max_size=12
).map(
    lambda items: [
        Tensor(f"t{number}", size, first, first + length) for number, (size, first, length) in enumerate(items)
    ]
)


@settings(max_examples=200, deadline=None)
@given(drawn_tensors)
def test_no_two_tensors_that_live_together_share_a_byte(listed: list[Tensor]) -> None:
    made = plan(listed)
    assert [place.tensor for place in made.placed] == listed
    assert made.size % ALIGNMENT == 0
    for place in made.placed:
        assert place.offset % ALIGNMENT == 0
        assert place.end <= made.size
    for one in made.placed:
        for other in made.placed:
            together = one.tensor.first <= other.tensor.last and other.tensor.first <= one.tensor.last
            apart = one.end <= other.offset or other.end <= one.offset
            assert one is other or not together or apart or 0 in (one.tensor.size, other.tensor.size)


@settings(max_examples=100, deadline=None)
@given(drawn_tensors)
def test_the_arena_is_no_larger_than_everything_side_by_side(listed: list[Tensor]) -> None:
    assert plan(listed).size <= sum(-(-tensor.size // ALIGNMENT) * ALIGNMENT for tensor in listed)


def test_memory_is_used_again() -> None:
    chain = [Tensor("a", 100, 0, 1), Tensor("b", 40, 1, 2), Tensor("c", 100, 2, 3), Tensor("d", 8, 3, 3)]
    made = plan(chain)
    assert made.size == 140
    assert made.offset("c") == made.offset("a") == 0


def test_a_gap_between_two_is_filled() -> None:
    made = plan(
        [Tensor("low", 40, 0, 3), Tensor("gone", 20, 0, 0), Tensor("high", 16, 0, 3), Tensor("late", 12, 2, 3)]
    )
    assert made.offset("high") == 60
    assert made.offset("late") == 40


@pytest.mark.parametrize(
    ("tensors", "what"),
    [
        ([Tensor("a", -1, 0, 0)], "a: -1 bytes"),
        ([Tensor("a", 1, 2, 1)], "a: 1 bytes from step 2 to 1"),
        ([Tensor("a", 1, 0, 0), Tensor("a", 1, 0, 0)], "two tensors have one name"),
    ],
)
def test_nonsense_is_refused(tensors: list[Tensor], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        plan(tensors)


def test_a_chain_needs_neighbours_and_scratch() -> None:
    graph = network([180, 512, 128, 7], ["1", "4", "8"])
    listed = {tensor.name: tensor for tensor in tensors(graph)}
    first, second, logits = graph.weighted
    assert listed[first.name] == Tensor(first.name, 512, 0, 1)
    # 180 inputs of 1 bit: 6 groups of 16 words; 512 of 4 bits: 256 words; 128 of 8 bits: two words a pair.
    assert listed[scratch_name(first)] == Tensor(scratch_name(first), 4 * 96, 0, 0)
    assert listed[scratch_name(second)].size == 4 * 256
    assert listed[scratch_name(logits)].size == 4 * 128
    # The results stay: logits, probabilities, label.
    assert {name for name, tensor in listed.items() if tensor.last == 4 and tensor.first < 4} == {
        logits.name,
        "probabilities",
    }
    assert listed["label"] == Tensor("label", 4, 4, 4)


def test_a_tensor_that_is_read_late_stays() -> None:
    """A branch: the third layer reads the first one's output."""
    graph = network([20, 8, 8, 4], ["8", "8", "8"])
    first, second, third, *ends = graph.layers
    skipping: IntegerGraph = dataclasses.replace(
        graph, layers=(first, second, dataclasses.replace(third, input=first.name), *ends)
    )
    listed = {tensor.name: tensor for tensor in tensors(skipping)}
    assert listed[first.name].last == 2
    # Nobody reads the second: it counts as a result.
    assert listed[second.name].last == len(graph.layers) - 1
