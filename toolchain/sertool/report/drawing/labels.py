"""Places for labels beside marks, such that nothing overlaps however wide the picture is drawn.

Marks stand at per cents of the width and labels at pixels from them, so the distance of two boxes is linear in
the width: where they are apart at the narrowest width and at the widest, in the same order, they are apart at
every width between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Widths of the picture, in pixels, that labels have to be readable at.
WIDTHS = (300.0, 1000.0)
#: Height of a label, and width of each of its characters.
_HEIGHT, _CHARACTER = 13.0, 7.0


@dataclass(frozen=True)
class Box:
    """A rectangle: `x` in per cent, left and right in pixels from there, top and bottom in pixels."""

    x: float
    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, radius: float) -> Box:
        """Return the box of a mark."""
        return cls(x, -radius, radius, y - radius, y + radius)

    def covers(self, other: Box) -> bool:
        """Whether the two overlap at any width."""
        if self.top >= other.bottom or other.top >= self.bottom:
            return False
        return not (self._before(other) or other._before(self))

    def _before(self, other: Box) -> bool:
        return all(self.x * width / 100 + self.right <= other.x * width / 100 + other.left for width in WIDTHS)

    def inside(self, height: float) -> bool:
        """Whether it lies inside a picture of this height at any width."""
        across = all(
            self.x * width / 100 + self.left >= 0 and self.x * width / 100 + self.right <= width
            for width in WIDTHS
        )
        return across and self.top >= 0 and self.bottom <= height


@dataclass(frozen=True)
class Item:
    """A mark's box and its label's text; `stacked` labels may stand a second row away from their mark."""

    box: Box
    text: str
    stacked: bool = False


@dataclass(frozen=True)
class Spot:
    """Where a label stands: the middle of its base line, in pixels from its mark."""

    x: float
    y: float


def spots(items: Sequence[Item], others: Sequence[Box], order: Sequence[int], height: float) -> dict[int, Spot]:
    """Return a place for the label of each item in `order`, by index; those without room are left out.

    Labels cover neither the marks of `order` nor the boxes of `others`.
    """
    taken = [*others, *(items[index].box for index in order)]
    found: dict[int, Spot] = {}
    for index in order:
        item = items[index]
        mark, half = item.box, _CHARACTER * len(item.text) / 2 + 1
        offsets = _offsets(mark.right, half)
        if item.stacked:
            offsets += tuple((x, -_HEIGHT - mark.right - _HEIGHT / 2 - 1) for x in (0, half / 2, -half / 2))
        for x, y in offsets:
            middle = (mark.top + mark.bottom) / 2 + y
            box = Box(mark.x, x - half, x + half, middle - _HEIGHT / 2, middle + _HEIGHT / 2)
            if box.inside(height) and not any(box.covers(other) for other in taken):
                found[index] = Spot(x, y + 4)
                taken.append(box)
                break
    return found


def _offsets(radius: float, half: float) -> tuple[tuple[float, float], ...]:
    beside, above, corner = radius + half + 1, radius + _HEIGHT / 2 + 1, 0.6 * radius
    return (
        (beside, 0), (-beside, 0), (0, -above), (0, above),
        (corner + half, -above + 3), (-corner - half, -above + 3), (corner + half, above - 3),
        (-corner - half, above - 3), (beside, -7), (beside, 7), (-beside, -7), (-beside, 7),
    )  # fmt: skip
