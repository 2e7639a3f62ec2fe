"""What a kind of descriptor says of itself; one file of `descriptors` holds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import Framing
from sertool.frontend.tables import Rendered

#: How many values a frame gives of each kind that a front end computes, by name.
Sizes = Mapping[str, int]

#: Float64 by name: `pcm` (frames, frame_length) of full scale 1, `power` (frames, bins) of the frames under the
#: window, and each kind, (frames, size), in real units.
Heard = Mapping[str, NDArray[np.float64]]

#: What a C function may be handed besides values of other kinds.
GIVEN = ("pcm", "power", "gain")


#: Takes the framing, ours and theirs, and gives two arrays of one shape.
Pairs = Callable[[Framing, Heard, Heard], tuple[NDArray[np.float64], NDArray[np.float64]]]


@dataclass(frozen=True)
class Parity:
    """How a kind's integers are compared with its float64 truth.

    `scope` says in words which values count. `bounds` is what mean, 99.9th percentile and largest of the
    absolute differences in real units are held to on real recordings. `pairs` gives what is compared.
    """

    scope: str
    bounds: tuple[float, float, float]
    pairs: Pairs


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of descriptor: its integers, what they need, and the float64 that they stand for.

    `ser_<name>()` in `descriptors/<name>.c` is called with its `state`, a C type kept over an utterance, if
    there is one, with what it `needs` in that order (of `GIVEN`, and values of other kinds), and with where its
    values go: integers of `step` `unit`s each, |value| < 2^`bits`. What it `consumes` nobody can use after it.
    `sources` are the C files of `runtime/frontend` that it needs besides its own.

    `sizes` says how many values there may be, given how many there are of what it needs; `usual` is how many
    there are where there is a choice, only another kind needs it and the specification does not say. `labels`
    name the values where their index says too little. `tables` computes its arrays and constants, `real` its
    truth, (frames, size). A kind that is not `counted` only serves others. One that `gates`, where the
    specification names it, has frames counted only while its first value is not 0. One that `voices` is above 0
    in voiced frames alone.
    """

    name: str
    unit: str
    step: float
    bits: int
    sizes: Callable[[Framing, Sizes], Sequence[int]]
    usual: int
    needs: tuple[str, ...]
    real: Callable[[Framing, Sizes, Heard], NDArray[np.float64]]
    tables: Callable[[Framing, Sizes], Rendered] = lambda framing, sizes: ([], {})
    consumes: tuple[str, ...] = ()
    state: str | None = None
    sources: tuple[str, ...] = ()
    parity: Parity | None = None
    counted: bool = True
    labels: tuple[str, ...] = ()
    gates: bool = False
    voices: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """Kinds that it needs."""
        return tuple(need for need in self.needs if need not in GIVEN)
