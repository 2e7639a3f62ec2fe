"""What a comparison of engines found: counts by engine and layer, and the first difference."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sertool.plain_values import Int32, Name, Natural


@dataclass(frozen=True)
class LayerComparison:
    """Integers compared with the reference after one layer (or `features`, `input`), and how many differed."""

    layer: Name
    compared: Natural
    mismatches: Natural

    def __post_init__(self) -> None:
        if self.mismatches > self.compared:
            raise ValueError(f"{self.mismatches} of {self.compared} integers differ")


@dataclass(frozen=True)
class EngineComparison:
    """One engine against the reference: how many clips it ran, and every layer that it shows."""

    engine: Name
    clips: Natural
    layers: tuple[LayerComparison, ...]

    @property
    def compared(self) -> int:
        """Integers compared."""
        return sum(layer.compared for layer in self.layers)

    @property
    def mismatches(self) -> int:
        """Integers that differed."""
        return sum(layer.mismatches for layer in self.layers)


@dataclass(frozen=True)
class Difference:
    """One integer that differed: where, what the reference gives, what the engine gave.

    `index` counts a clip's values of the layer, the last dimension fastest.
    """

    engine: Name
    clip: str
    layer: Name
    index: Natural
    expected: Int32
    got: Int32

    def __str__(self) -> str:
        return (
            f"engine {self.engine}, clip {self.clip}, layer {self.layer}, index {self.index}: "
            f"expected {self.expected}, got {self.got}"
        )


@dataclass(frozen=True)
class Comparison:
    """Several engines against the reference over `clips` clips.

    `first_difference` is the first in the order of engines, then clips, then layers as they run, then indices.
    Raises ValueError for one without a mismatch, and the other way round.
    """

    clips: Natural
    engines: tuple[EngineComparison, ...]
    first_difference: Difference | None

    def __post_init__(self) -> None:
        if (self.first_difference is None) != (self.mismatches == 0):
            raise ValueError(f"{self.mismatches} integers differ, and the first is {self.first_difference}")

    @property
    def compared(self) -> int:
        """Integers compared, over all engines."""
        return sum(engine.compared for engine in self.engines)

    @property
    def mismatches(self) -> int:
        """Integers that differed, over all engines."""
        return sum(engine.mismatches for engine in self.engines)

    def to_dict(self) -> dict[str, object]:
        """Give what `sertool simulate --json` prints."""
        first = self.first_difference
        return {
            "clips": self.clips,
            "engines": {
                engine.engine: {"compared": engine.compared, "mismatches": engine.mismatches}
                for engine in self.engines
            },
            "first_difference": None if first is None else dataclasses.asdict(first),
        }
