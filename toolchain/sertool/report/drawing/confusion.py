"""A confusion matrix as rows of shaded cells: counts, and each count as a share of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


def matrix(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> tuple[Row, ...]:
    """Shade a matrix of clips whose rows (true) and columns (heard) are in the order of `labels`."""
    return tuple(_row(index, row, labels) for index, row in enumerate(counts))


def _row(index: int, counts: Sequence[int], labels: Sequence[str]) -> Row:
    clips = sum(counts)
    cells = tuple(
        Cell(label, count, count / clips if clips else 0.0, column == index)
        for column, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    return Row(labels[index], clips, cells, counts[index] / clips if clips else None)
