"""The same values in another shape: TFLite's RESHAPE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sertool.errors import SertoolError
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, TensorScale, Values, check_scale


@dataclass(frozen=True)
class Reshape:
    """int8 values of shape `source` as they stand, the last dimension fastest, in `shape`."""

    name: str
    input: str
    source: tuple[int, ...]
    shape: tuple[int, ...]
    quantization: TensorScale

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

    @property
    def output(self) -> Tensor:
        """int8, quantized as what it reads."""
        return Tensor(self.name, self.shape, self.quantization)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads its shape, quantized as it gives it, and gives all values."""
        check_read(self.name, read[0], self.source, self.quantization)
        check_scale(self.name, "output", self.quantization)
        if not self.shape or min(self.shape) < 1 or math.prod(self.shape) != math.prod(self.source):
            raise SertoolError(
                f"{list(self.source)} values are to be of shape {list(self.shape)}",
                where=f"layer {self.name!r}",
                allowed=f"a shape of {math.prod(self.source)} values",
            )

    def run(self, read: Sequence[Values], rounding: Rounding) -> Values:
        """Give int8 (clips, *shape) for int8 (clips, *source)."""
        return read[0].reshape(len(read[0]), *self.shape)
