"""The largest of all that a window meets of a channel: TFLite's MAX_POOL_2D."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph.pooling import Pooling
from sertool.graph.tensors import Values


@dataclass(frozen=True)
class MaxPool2d(Pooling):
    """The largest of the values inside the image."""

    def pooled(self, image: Values) -> NDArray[np.int64]:
        """Let what lies beyond the border be no larger than anything."""
        return np.asarray(np.max([values for _, values in self.window.met(image, -128)], axis=0), np.int64)
