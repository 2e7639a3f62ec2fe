"""What a functional, and an accumulator that functionals share, say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing

#: Bits of values where products and memories are made of them, `ser_narrow()` of the C.
NARROW_BITS = 12

#: Features saturate here.
LARGEST_FEATURE = 2**24 - 1

#: When an accumulator is called: with every frame, before or after those that count are counted, or with those.
WHEN = ("before", "counted", "after")


def narrow_shift(bits: int) -> int:
    """Lowest bits that values below 2^`bits` lose where they are narrow."""
    return max(bits - NARROW_BITS, 0)


@dataclass(frozen=True, eq=False)
class Utterance:
    """Integers of one descriptor, below 2^`bits`, as functionals summarize them.

    `values` (frames, size) of every frame that was heard, `counted` (frames,) those that count; `others` has
    values of all kinds, by name.
    """

    framing: Framing
    bits: int
    values: NDArray[np.int64]
    counted: NDArray[np.bool_]
    others: Mapping[str, NDArray[np.int64]]

    @property
    def kept(self) -> NDArray[np.int64]:
        """Values of counted frames."""
        return self.values[self.counted]

    @property
    def narrow_step(self) -> int:
        """Steps of the values in one of `narrow`."""
        return 1 << narrow_shift(self.bits)

    def narrow(self, back: int = 0) -> NDArray[np.int64]:
        """Narrow values of each frame, or `back` frames before; before the first frame all was as in it."""
        narrowed = (self.values + self.narrow_step // 2) >> narrow_shift(self.bits)
        found: NDArray[np.int64] = np.concatenate([narrowed[:1].repeat(back, axis=0), narrowed])
        return found[: len(narrowed)]


@dataclass(frozen=True, eq=False)
class Accumulator:
    """What is kept of each value over an utterance: one C `element`, which begins as zero bytes.

    `ser_count_<name>()` in `accumulators/<name>.c` takes a frame's values. Of values below 2^v in magnitude the
    largest number that it keeps stays below 2^`bits(v)`, and there is room for `holds` bits.

    The function is called with what is kept, with what it `needs` in that order, and with the number of values.
    Needs are `values`; `shift`, see `ser_narrow()`; `frames` counted before; other accumulators; and kinds. One
    that is kept `once` has a single element for the utterance, and is not told the number of values.

    What is remembered of frames whether they count or not is followed instead, by `ser_follow_<name>()`,
    `before` the frame is counted or `after`. Before the first frame, `after` has happened with it already.
    """

    name: str
    element: str
    bits: Callable[[int], int]
    holds: int
    needs: tuple[str, ...] = ("values",)
    when: Literal["before", "counted", "after"] = "counted"
    once: bool = False
    constants: Callable[[Framing], Mapping[str, int]] = lambda framing: {}
    sources: tuple[str, ...] = ()

    @property
    def function(self) -> str:
        """Name of the C function."""
        return f"ser_{'count' if self.when == 'counted' else 'follow'}_{self.name}"


#: Gives the real units in one step of a feature from those in one step of the values.
Step = Callable[[Framing, float], float]


@dataclass(frozen=True, eq=False)
class Functional:
    """One number for each of an utterance's values: `ser_<name>()` in `functionals/<name>.c`.

    It `needs` accumulators, and `shift`, in the order of the C function's arguments. `step` gives the real
    units in one step of the feature from those in one step of the values. `truth` takes an utterance with at
    least one counted frame and gives (values,): exactly what the C gives, or float64, in steps of the feature,
    that it is at most `within` of them away from.

    One that is `of` a single kind may give several numbers for all of its values, `parts`, by name; those that
    have no step of their own have `step`.
    """

    name: str
    needs: tuple[str, ...]
    step: Step
    truth: Callable[[Utterance], NDArray[np.int64] | NDArray[np.float64]]
    within: float = 0
    sources: tuple[str, ...] = ()
    of: str | None = None
    parts: Mapping[str, Step | None] = field(default_factory=dict)

    def features(self, size: int) -> int:
        """How many features it makes of `size` values."""
        return len(self.parts) or size

    def steps(self, framing: Framing, step: float, size: int) -> tuple[float, ...]:
        """Real units in one step of each of these features."""
        return (
            tuple((part or self.step)(framing, step) for part in self.parts.values())
            or (self.step(framing, step),) * size
        )


def ratio_step(framing: Framing, step: float) -> float:
    """Step of a functional without a unit: Q15."""
    return 2.0**-15
