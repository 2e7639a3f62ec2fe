"""Outcomes: a trial's figures on the test part of one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sertool.training import Accuracy


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one trial gave on the test part of one case.

    `real` is its own float network before quantization, `quantized` what would run on the chip, in `bytes` of
    packed weights, scales and biases; `shape` such as `360-64-32-7`, `plan` such as `1,ternary,8`.
    """

    seed: int
    fold: int
    shape: str
    plan: str
    bytes: int
    real: Accuracy
    quantized: Accuracy

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON types; `from_dict` reads them."""
        return {
            "seed": self.seed,
            "fold": self.fold,
            "shape": self.shape,
            "plan": self.plan,
            "bytes": self.bytes,
            "labels": list(self.real.labels),
            "real": self.real.confusion.tolist(),
            "quantized": self.quantized.confusion.tolist(),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Outcome:
        """Read what `to_dict` wrote; raises KeyError, TypeError or ValueError for anything else."""
        labels = tuple(values["labels"])
        real, quantized = (Accuracy(np.array(values[name], np.int64), labels) for name in ("real", "quantized"))
        seed, fold, shape, plan, size = (values[name] for name in ("seed", "fold", "shape", "plan", "bytes"))
        return cls(seed, fold, shape, plan, size, real, quantized)
