"""A convolution of an int8 image: TFLite's CONV_2D, its kernels' codes narrow or not.

After TFLite's `reference_integer_ops::ConvPerChannel`: what lies beyond the border counts as the zero point. A
convolution of a sequence is one of an image of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, Values
from sertool.graph.weighted import Weighted
from sertool.graph.window import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class Conv2d(Weighted):
    """`image` is (height, width, channels) of the input, `weights` int8 (outputs, *window.size, channels)."""

    image: tuple[int, int, int]
    window: Window

    @property
    def output(self) -> Tensor:
        """int8 (*places of the window, outputs)."""
        shape = (*self.window.places(self.image), self.outputs)
        return Tensor(self.name, shape, self.output_quantization)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads its image, quantized as it takes it, and window and sums fit."""
        check_read(self.name, read[0], self.image, self.input_quantization)
        self.window.check(self.name, self.image)
        self.check_shape((*self.window.size, self.image[2]))
        self.check_sums()

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, *places, outputs) for int8 (clips, height, width, channels)."""
        zero_point = self.input_quantization.zero_point
        sums = np.zeros((len(read[0]), *self.output.shape))
        # Sums stay far below 2^53, so the float64 product is exact, and BLAS makes it fast.
        for (y, x), values in self.window.met(read[0], zero_point):
            sums += (values - zero_point).astype(np.float64) @ self.weights[:, y, x].T.astype(np.float64)
        return self.activations(sums.astype(np.int64) + self.bias, rounding)
