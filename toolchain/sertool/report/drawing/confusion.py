"""A confusion matrix as rows of shaded cells: counts, and each count as a share of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.report.report import Score


@dataclass(frozen=True)
class Cell:
    """Clips of one true class given one label; `share` of the row in [0, 1]; `right` on the diagonal."""

    predicted: str
    count: int
    share: float
    right: bool


@dataclass(frozen=True)
class Row:
    """One true class: its clips, its cells, and its recall, None where it has no clip."""

    label: str
    clips: int
    cells: tuple[Cell, ...]
    recall: float | None


def matrix(score: Score, labels: Sequence[str]) -> tuple[Row, ...]:
    """Shade the matrix of `score`, whose rows and columns are in the order of `labels`."""
    return tuple(_row(index, counts, labels) for index, counts in enumerate(score.confusion))


def _row(index: int, counts: Sequence[int], labels: Sequence[str]) -> Row:
    clips = sum(counts)
    cells = tuple(
        Cell(label, count, count / clips if clips else 0.0, column == index)
        for column, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    return Row(labels[index], clips, cells, counts[index] / clips if clips else None)
