"""Plain horizontal bars and dots: counts by emotion, accuracies with their intervals, instructions by core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sertool.report.report import Instructions, Score, Split


@dataclass(frozen=True)
class Bar:
    """A labelled bar from zero to `width`, in per cent of the longest; `value` is None where not measured."""

    label: str
    value: float | None
    width: float


@dataclass(frozen=True)
class Piece:
    """A piece of a stacked bar, in per cent."""

    name: str
    value: int
    x: float
    width: float


@dataclass(frozen=True)
class Stacked:
    """One emotion's clips, piece by piece, on a scale that all rows share."""

    label: str
    total: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Dot:
    """One net's accuracy on an axis from 0 to 100 per cent: weighted with interval, and unweighted."""

    label: str
    weighted: float
    unweighted: float
    low: float
    high: float

    @property
    def anchor(self) -> tuple[float, str]:
        """Where its text is pinned, x and the SVG anchor, so that it stays inside the picture."""
        return (self.high, "end") if self.weighted > 50 else (self.low, "start")


def bars(values: Iterable[tuple[str, float | None]]) -> tuple[Bar, ...]:
    """Scale labelled values to the largest; what is None or below zero keeps its row, without a bar."""
    rows = tuple(values)
    largest = max((value for _, value in rows if value), default=1.0)
    return tuple(Bar(label, value, max(0.0, 100 * (value or 0) / largest)) for label, value in rows)


def instruction_bars(instructions: Instructions) -> Mapping[str, tuple[Bar, ...]]:
    """Return the bars per inference and per second of audio, leaving out what no core was measured for."""
    panels = {
        "one inference": bars((core.core, core.inference) for core in instructions.cores),
        "one second of audio": bars((core.core, core.audio_second) for core in instructions.cores),
    }
    return {title: panel for title, panel in panels.items() if any(bar.value for bar in panel)}


def split_bars(split: Split, emotions: Sequence[str]) -> tuple[Stacked, ...]:
    """Stack the clips of each part, an emotion a row."""
    totals = {emotion: sum(part.emotions.get(emotion, 0) for part in split.parts) for emotion in emotions}
    largest = max(totals.values(), default=1) or 1
    rows = []
    for emotion, total in totals.items():
        pieces, start = [], 0
        for part in split.parts:
            clips = part.emotions.get(emotion, 0)
            pieces.append(Piece(part.name, clips, 100 * start / largest, 100 * clips / largest))
            start += clips
        rows.append(Stacked(emotion, total, tuple(pieces)))
    return tuple(rows)


def accuracy_dots(scores: Mapping[str, Score]) -> tuple[Dot, ...]:
    """Place accuracies on the axis."""
    return tuple(
        Dot(label, 100 * score.weighted, 100 * score.unweighted, 100 * score.low, 100 * score.high)
        for label, score in scores.items()
    )
