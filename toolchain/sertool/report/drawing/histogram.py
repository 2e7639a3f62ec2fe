"""Histograms of a layer's weights as paths: what they were, in steps, and the codes that they became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.report.report import Histogram

#: Height of the box that the paths are drawn in; its width is the number of bins.
HEIGHT = 24


@dataclass(frozen=True)
class Bars:
    """Paths of filled bars in a box `width` wide and HEIGHT high, each scaled to its own largest bin."""

    width: int
    before: str
    after: str
    span: float


def bars(histogram: Histogram | None) -> Bars | None:
    """Draw both histograms; None where there is none."""
    if histogram is None:
        return None
    return Bars(len(histogram.before), _path(histogram.before), _path(histogram.after), histogram.span)


def _path(counts: Sequence[int]) -> str:
    largest = max(counts) or 1
    heights = [HEIGHT * count / largest for count in counts]
    return "".join(
        f"M{index} {HEIGHT}V{HEIGHT - height:.2f}h1V{HEIGHT}Z" for index, height in enumerate(heights) if height
    )
