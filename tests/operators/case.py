"""One thing that an operator is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph import IntegerGraph, Rounding


@dataclass(frozen=True, eq=False)
class Case:
    """A graph that holds the operator, and int8 inputs (clips, *shape) for it."""

    graph: IntegerGraph
    clips: NDArray[np.int8]


Make = Callable[[Rounding], Case]
