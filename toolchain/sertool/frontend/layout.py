"""Where values, accumulators and features of a specification stand, and the runs of them that C walks."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sertool.frontend.accumulators import ACCUMULATORS
from sertool.frontend.descriptors import KINDS
from sertool.frontend.functional import Accumulator, Functional, narrow_shift
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.kind import Kind
from sertool.frontend.needs import accumulators
from sertool.frontend.spec import FrontendSpec

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

    `kept` is where the first of them is in each accumulator that is read or written, by name. All values have
    one `shift`, 0 where it is not needed.
    """

    of: Of
    kept: Mapping[str, int]
    at: int
    size: int
    shift: int

    def followed(self, size: int) -> Run[Of]:
        """The run of `size` that begins where this one ends, everywhere."""
        kept = {name: start + self.size for name, start in self.kept.items()}
        return dataclasses.replace(self, kept=kept, at=self.at + self.size, size=size)


@dataclass(frozen=True)
class Layout:
    """All of a specification: what is computed, in this order, then what is counted; and what is summarized."""

    places: tuple[Place, ...]
    counts: tuple[Run[Accumulator], ...]
    summaries: tuple[Run[Functional], ...]

    @property
    def kept(self) -> Mapping[Accumulator, int]:
        """How many values each accumulator keeps."""
        return {run.of: run.kept[run.of.name] + run.size for run in self.counts}

    @property
    def states(self) -> tuple[Kind, ...]:
        """Kinds that remember something of earlier frames."""
        return tuple(place.kind for place in self.places if place.kind.state)

    @property
    def stored(self) -> int:
        """Values of a frame, counted or not."""
        return sum(place.size for place in self.places)


@functools.cache
def layout(spec: FrontendSpec) -> Layout:
    """Lay a specification out."""
    places, at = {}, 0
    for name, size in spec.sizes.items():
        places[name] = Place(KINDS[name], at, size)
        at += size
    kept: dict[str, dict[str, int]] = {descriptor.kind: {} for descriptor in spec.descriptors}
    counts = []
    for accumulator in ACCUMULATORS.values():
        end = 0
        for descriptor in spec.descriptors:
            if accumulator in accumulators(descriptor.functionals):
                kept[descriptor.kind][accumulator.name] = end
                end += 0 if accumulator.once else descriptor.size
    for accumulator in ACCUMULATORS.values():
        runs = [
            _run(accumulator, (accumulator.name, *accumulator.needs), kept, place, place.at)
            for place in places.values()
            if accumulator.name in kept.get(place.kind.name, ())
        ]
        counts += [dataclasses.replace(run, size=1) for run in runs[:1]] if accumulator.once else runs
    summaries, at = [], 0
    for name, descriptor in spec.summaries:
        functional = FUNCTIONALS[name]
        summaries.append(_run(functional, functional.needs, kept, places[descriptor.kind], at))
        at += functional.features(descriptor.size)
    computed = tuple(places[kind.name] for kind in spec.computed)
    return Layout(computed, _joined(counts), _joined(summaries))


def _run(of: Of, needs: Sequence[str], kept: Mapping[str, Mapping[str, int]], place: Place, at: int) -> Run[Of]:
    starts = {need: kept[place.kind.name][need] for need in needs if need in ACCUMULATORS}
    return Run(of, starts, at, place.size, narrow_shift(place.kind.bits) if "shift" in needs else 0)


def _joined(runs: Iterable[Run[Of]]) -> tuple[Run[Of], ...]:
    """Make one of neighbouring runs that go on where the last ends, everywhere."""
    joined: list[Run[Of]] = []
    for run in runs:
        if joined and joined[-1].followed(run.size) == run:
            last = joined.pop()
            run = dataclasses.replace(last, size=last.size + run.size)
        joined.append(run)
    return tuple(joined)
