"""What no other point beats in everything: the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence

#: What a point costs; less is better in each, so an accuracy enters with its sign turned.
Costs = Sequence[float]


def front(points: Sequence[Costs]) -> tuple[int, ...]:
    """Return the indices, ascending, of the points that no other dominates.

    One point dominates another when it is nowhere worse and somewhere better, so equal points all stay. All
    points have the same costs in the same order. Time grows with points times front.
    """
    kept: list[int] = []
    # A point can only be dominated by one that comes before it in lexicographic order.
    for index in sorted(range(len(points)), key=lambda index: tuple(points[index])):
        if not any(dominates(points[other], points[index]) for other in kept):
            kept.append(index)
    return tuple(sorted(kept))


def dominates(one: Costs, other: Costs) -> bool:
    """Whether `one` is nowhere worse than `other` and somewhere better."""
    pairs = tuple(zip(one, other, strict=True))
    return all(first <= second for first, second in pairs) and any(first < second for first, second in pairs)
