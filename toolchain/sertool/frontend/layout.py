"""Where values, accumulators and features of a specification stand, and the runs of them that C walks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sertool.frontend.accumulators import ACCUMULATORS
from sertool.frontend.descriptors import KINDS
from sertool.frontend.functional import Accumulator, Functional
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.kind import Kind
from sertool.frontend.spec import Descriptor, FrontendSpec

Of = TypeVar("Of", Accumulator, Functional)


@dataclass(frozen=True)
class Place:
    """A kind that is computed, and its values [at, at + size) among those of a frame."""

    kind: Kind
    at: int
    size: int


@dataclass(frozen=True)
class Run(Generic[Of]):
    """One call: of an accumulator for values, or of a functional for features, [at, at + size).

    `kept` is where the first of them is in each accumulator: that one, or those that the functional needs.
    """

    of: Of
    kept: tuple[int, ...]
    at: int
    size: int

    def followed(self, size: int) -> Run[Of]:
        """The run of `size` that begins where this one ends, everywhere."""
        return Run(self.of, tuple(start + self.size for start in self.kept), self.at + self.size, size)


@dataclass(frozen=True)
class Layout:
    """All of a specification: what is computed, in this order, then what is counted; and what is summarized."""

    places: tuple[Place, ...]
    counts: tuple[Run[Accumulator], ...]
    summaries: tuple[Run[Functional], ...]

    @property
    def kept(self) -> Mapping[Accumulator, int]:
        """How many values each accumulator keeps."""
        return {run.of: run.kept[0] + run.size for run in self.counts}

    @property
    def states(self) -> tuple[Kind, ...]:
        """Kinds that remember something of earlier frames."""
        return tuple(place.kind for place in self.places if place.kind.state)

    @property
    def stored(self) -> int:
        """Values of a frame, counted or not."""
        return sum(place.size for place in self.places)


def layout(spec: FrontendSpec) -> Layout:
    """Lay a specification out."""
    places, at = {}, 0
    for name, size in spec.sizes.items():
        places[name] = Place(KINDS[name], at, size)
        at += size
    counts: list[Run[Accumulator]] = []
    kept: dict[tuple[str, str], int] = {}
    for accumulator in ACCUMULATORS.values():
        end = 0
        for descriptor in spec.descriptors:
            if accumulator.name in _accumulators(descriptor):
                kept[accumulator.name, descriptor.kind] = end
                counts.append(Run(accumulator, (end,), places[descriptor.kind].at, descriptor.size))
                end += descriptor.size
    summaries: list[Run[Functional]] = []
    at = 0
    for name, descriptor in spec.summaries:
        functional = FUNCTIONALS[name]
        starts = tuple(kept[need, descriptor.kind] for need in functional.needs)
        summaries.append(Run(functional, starts, at, descriptor.size))
        at += descriptor.size
    computed = tuple(places[kind.name] for kind in spec.computed)
    return Layout(computed, _joined(counts), _joined(summaries))


def _accumulators(descriptor: Descriptor) -> set[str]:
    return {need for name in descriptor.functionals for need in FUNCTIONALS[name].needs}


def _joined(runs: Iterable[Run[Of]]) -> tuple[Run[Of], ...]:
    """Make one of neighbouring runs that go on where the last ends, everywhere."""
    joined: list[Run[Of]] = []
    for run in runs:
        if joined and joined[-1].followed(run.size) == run:
            last = joined.pop()
            run = dataclasses.replace(last, size=last.size + run.size)
        joined.append(run)
    return tuple(joined)
