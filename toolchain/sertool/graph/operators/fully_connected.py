"""A fully connected layer on int8: TFLite's FULLY_CONNECTED, and a matrix of codes that may be narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, Values
from sertool.graph.weighted import Weighted


@dataclass(frozen=True, eq=False)
class FullyConnected(Weighted):
    """The product of a matrix and a vector: `weights` int8 (outputs, inputs)."""

    @property
    def output(self) -> Tensor:
        """int8 (outputs,)."""
        return Tensor(self.name, (self.outputs,), self.output_quantization)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads `inputs` values, quantized as it takes them, and all sums fit."""
        check_read(self.name, read[0], (self.inputs,), self.input_quantization)
        self.check_sums()

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, outputs) for int8 (clips, inputs)."""
        return self.activations(self.accumulate(read[0]), rounding)

    def accumulate(self, inputs: Values) -> NDArray[np.int64]:
        """Compute the int32 accumulators, bias included, as int64 (clips, outputs)."""
        # Sums stay far below 2^53, so the float64 product is exact, and BLAS makes it fast.
        centred = inputs.astype(np.float64) - self.input_quantization.zero_point
        return (centred @ self.weights.T.astype(np.float64)).astype(np.int64) + self.bias
