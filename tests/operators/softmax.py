"""Softmax of logits from flat to steep, of one to the most values."""

from __future__ import annotations

import numpy as np

from operator_cases import Case, Make
from sertool.graph import Rounding, TensorScale, Width, classifier, fully_connected


def _case(size: int, scale: float, zero_point: int) -> Make:
    """Logits that are an input and its reverse, so that all differences of codes come up."""

    def make(rounding: Rounding) -> Case:
        rng = np.random.default_rng(size)
        source, output = TensorScale(scale, 0), TensorScale(scale, zero_point)
        codes = rng.integers(-1, 2, (size, 2))
        logits = fully_connected(
            "logits", "input", codes, np.ones(size), np.zeros(size), source, output, False, Width.parse("t")
        )
        clips = rng.integers(-128, 128, (400, 2)).astype(np.int8)
        clips[:4] = [[-128, 127], [127, -128], [0, 0], [127, 127]]
        return Case(classifier([logits], [f"label{index}" for index in range(size)], rounding), [clips])

    return make


CASES: dict[str, Make] = {
    f"{size} at {scale}": _case(size, scale, zero_point)
    for size, scale, zero_point in (
        (1, 0.1, 0), (2, 1e-5, 3), (7, 1e-3, -128), (7, 0.05, 127), (7, 0.3, 3), (7, 10.0, 0), (511, 0.1, -7),
    )
}  # fmt: skip
