"""What every way to a small network ends in, so that all are compared alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.answers import UNCHOSEN, Rule
from sertool.graph import IntegerGraph
from sertool.laq import classify
from sertool.training import FloatModel


@dataclass(frozen=True, eq=False)
class Candidate:
    """A small network: `plan` of widths, `bytes` of flash that store it, and `real`, what it was in float.

    `graph` is what would run on a chip, with the `temperature` in its scales; `rule` judges its answers.
    """

    plan: str
    bytes: int
    real: FloatModel
    graph: IntegerGraph
    temperature: float = 1.0
    rule: Rule = UNCHOSEN

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes from the inputs to the classes."""
        return self.real.shape

    def classify(self, features: NDArray[np.int8]) -> NDArray[np.integer[Any]]:
        """Return the class index (clips,) of int8 features (clips, features), by the integer reference."""
        return classify(self.graph, features)


#: Gives the float network with hidden layers of these sizes, trained on all that training may see.
MakeFloat = Callable[[tuple[int, ...]], FloatModel]
