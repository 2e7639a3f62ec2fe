"""The mean of all that a window meets of a channel: TFLite's AVERAGE_POOL_2D.

After TFLite's `reference_integer_ops::AveragePool`: of codes as they stand, rounded half away from code 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph.pooling import Pooling
from sertool.graph.tensors import Values


@dataclass(frozen=True)
class AveragePool2d(Pooling):
    """The mean of the values inside the image."""

    def pooled(self, image: Values) -> NDArray[np.int64]:
        """Divide sums by how many values lie inside."""
        total = sum(values for _, values in self.window.met(image, 0))
        inside = np.ones((1, *self.image), np.int8)
        count = sum(values for _, values in self.window.met(inside, 0))
        magnitude = (np.abs(total) + count // 2) // count
        return np.asarray(np.where(np.asarray(total) < 0, -magnitude, magnitude), np.int64)
