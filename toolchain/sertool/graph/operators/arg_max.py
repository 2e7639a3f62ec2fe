"""The index of the largest value: TFLite's ARG_MAX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import PLAIN, Kind, Tensor, Values


@dataclass(frozen=True)
class ArgMax:
    """int8 logits to the int32 index of the largest; the first one wins a tie."""

    name: str
    input: str
    size: int

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

    @property
    def output(self) -> Tensor:
        """int32 (1,)."""
        return Tensor(self.name, (1,), PLAIN, Kind.INT32)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads `size` values."""
        check_read(self.name, read[0], (self.size,))

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int32]:
        """Give int32 (clips, 1) for int8 (clips, size)."""
        return np.asarray(np.argmax(read[0], axis=1), np.int32)[:, np.newaxis]
