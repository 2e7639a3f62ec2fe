"""Arg max where values tie, at both ends of int8, and of one value."""

from __future__ import annotations

import itertools

import numpy as np

from operator_cases import Case, Make
from sertool.graph import Rounding, TensorScale, Width, classifier, fully_connected

SAME = TensorScale(0.5, 0)


def _case(size: int) -> Make:
    """Logits that are the inputs, over all choices of a few codes."""

    def make(rounding: Rounding) -> Case:
        codes, zeros = np.eye(size, dtype=int), np.zeros(size)
        logits = fully_connected(
            "logits", "input", codes, np.ones(size), zeros, SAME, SAME, False, Width.parse("t")
        )
        chosen = itertools.product((-128, -127, 0, 127), repeat=size)
        clips = np.array(list(chosen), np.int8)
        return Case(classifier([logits], [f"label{index}" for index in range(size)], rounding), [clips])

    return make


CASES: dict[str, Make] = {f"{size} values": _case(size) for size in (1, 2, 4)}
