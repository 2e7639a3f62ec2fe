"""Outcomes: a trial's figures on the test part of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sertool.plain_values import Name, Natural, Positive, Source, from_plain, path_of
from sertool.training import Accuracy

_Counts = tuple[tuple[Natural, ...], ...]


@dataclass(frozen=True)
class StoredOutcome:
    """An `Outcome` as `to_dict` writes it. Raises ValueError for counts that are not those of the labels."""

    seed: Natural
    fold: Natural
    shape: Name
    plan: Name
    bytes: Positive
    labels: tuple[Name, ...]
    real: _Counts
    quantized: _Counts

    def __post_init__(self) -> None:
        for counts in (self.real, self.quantized):
            if {len(row) for row in counts} != {len(self.labels)} or len(counts) != len(self.labels):
                raise ValueError("a confusion matrix is not one of the labels")


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one trial gave on the test part of one case.

    `real` is its own float network before quantization, `quantized` what would run on the chip, in `bytes` of
    flash (`firmware.pack.layer_bytes`); `shape` such as `360-64-32-7`, `plan` such as `1,ternary,8`.
    """

    seed: int
    fold: int
    shape: str
    plan: str
    bytes: int
    real: Accuracy
    quantized: Accuracy

    Stored: ClassVar[Any] = StoredOutcome

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
    def from_dict(cls, values: Mapping[str, Any]) -> Outcome:
        """Read what `to_dict` wrote; raises SertoolError for anything else."""
        return from_plain(cls, values, Source("an outcome", path_of))

    @classmethod
    def from_stored(cls, stored: StoredOutcome) -> Outcome:
        """Make the outcome of what `to_dict` wrote."""
        real, quantized = (
            Accuracy(np.array(counts, np.int64), stored.labels) for counts in (stored.real, stored.quantized)
        )
        return cls(stored.seed, stored.fold, stored.shape, stored.plan, stored.bytes, real, quantized)
