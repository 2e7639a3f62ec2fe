"""The Pareto front against its definition."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from sertool.experiments.pareto import front

#: Few values, so that ties and equal points are common.
POINTS = st.integers(1, 4).flatmap(lambda costs: st.lists(st.tuples(*[st.integers(0, 4)] * costs), max_size=24))


@given(POINTS)
def test_the_front_is_what_nothing_dominates(points: list[tuple[int, ...]]) -> None:
    def beaten(point: tuple[int, ...]) -> bool:
        return any(
            other != point and all(a <= b for a, b in zip(other, point, strict=True)) for other in points
        )

    assert front(points) == tuple(index for index, point in enumerate(points) if not beaten(point))


@given(POINTS, st.randoms(use_true_random=False))
def test_the_front_does_not_depend_on_the_order(points: list[tuple[int, ...]], random: object) -> None:
    order = list(range(len(points)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = front([points[index] for index in order])
    assert sorted(order[index] for index in shuffled) == list(front(points))


def test_equal_points_stay_together_and_a_better_one_takes_their_place() -> None:
    assert front([(1, 2), (1, 2), (2, 1)]) == (0, 1, 2)
    assert front([(1, 2), (1, 2), (1, 1)]) == (2,)
    assert front([]) == ()
