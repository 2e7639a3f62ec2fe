"""What functionals need: accumulators, what those need, and kinds."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from sertool.frontend.accumulators import ACCUMULATORS
from sertool.frontend.descriptors import KINDS
from sertool.frontend.functional import Accumulator
from sertool.frontend.functionals import FUNCTIONALS


@functools.cache
def accumulators(functionals: tuple[str, ...]) -> tuple[Accumulator, ...]:
    """All that functionals, by name, are made from, in the order of counting."""
    found: set[str] = set()
    needs = [need for name in functionals for need in FUNCTIONALS[name].needs]
    while needs:
        need = needs.pop()
        if need in ACCUMULATORS and need not in found:
            found.add(need)
            needs += ACCUMULATORS[need].needs
    return tuple(each for name, each in ACCUMULATORS.items() if name in found)


def kinds(functionals: Iterable[str]) -> set[str]:
    """Names of kinds whose values functionals, by name, are made from besides those that they summarize."""
    return {need for each in accumulators(tuple(functionals)) for need in each.needs if need in KINDS}
