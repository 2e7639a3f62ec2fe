"""Curves over the number of utterances that were heard of a speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.evaluation import FollowingFigures, HeardFigures

#: Height of the picture between 0 and 100 per cent, in pixels, and what is above it.
_HEIGHT, _TOP = 200.0, 12.0


@dataclass(frozen=True)
class Curve:
    """One curve: the class of its style, and points in per cent of the width and pixels of the height."""

    kind: str
    points: tuple[tuple[float, float], ...]

    @property
    def pieces(self) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
        """Its straight pieces, each from a point to the next."""
        return tuple(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True)
class Curves:
    """A picture: `marks` on the horizontal axis with what they say, `ticks` on the vertical one in per cent."""

    marks: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, int], ...]
    curves: tuple[Curve, ...]

    @property
    def bottom(self) -> float:
        """Where 0 per cent is, in pixels."""
        return _TOP + _HEIGHT


def curves(following: FollowingFigures) -> Curves:
    """Draw what `following` heard by the number of the utterance; what is drawn last lies above."""
    heard = following.heard
    places = [100 * (index + 0.5) / len(heard) for index in range(len(heard))]

    def curve(kind: str, shares: Sequence[float | None]) -> Curve:
        found = zip(places, shares, strict=True)
        return Curve(kind, tuple((place, _height(share)) for place, share in found if share is not None))

    drawn = (
        curve("plain", [each.plain for each in heard]),
        curve("changed", [each.changed for each in heard]),
        curve("followed", [each.accuracy for each in heard]),
    )
    return Curves(
        tuple(zip(places, map(utterances, heard), strict=True)),
        tuple((_height(tick / 100), tick) for tick in (0, 25, 50, 75, 100)),
        tuple(each for each in drawn if each.points),
    )


def utterances(heard: HeardFigures) -> str:
    """Say which utterances figures are of, such as `4–6` or `41–`."""
    if heard.first == heard.last:
        return str(heard.first)
    return f"{heard.first}–{heard.last or ''}"


def _height(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)
