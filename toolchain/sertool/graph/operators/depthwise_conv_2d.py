"""A convolution of each channel of an int8 image by itself: TFLite's DEPTHWISE_CONV_2D.

After TFLite's `reference_integer_ops::DepthwiseConvPerChannel`: what lies beyond the border counts as the zero
point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, Values
from sertool.graph.weighted import Weighted
from sertool.graph.window import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class DepthwiseConv2d(Weighted):
    """`image` is (height, width, channels) of the input, `weights` int8 (outputs, *window.size).

    Each channel makes outputs / channels outputs that stand beside each other.
    """

    image: tuple[int, int, int]
    window: Window

    @property
    def output(self) -> Tensor:
        """int8 (*places of the window, outputs)."""
        shape = (*self.window.places(self.image), self.outputs)
        return Tensor(self.name, shape, self.output_quantization)

    @property
    def outputs_a_channel(self) -> int:
        """How many outputs each channel makes."""
        return self.outputs // self.image[2]

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads its image, quantized as it takes it, and window and sums fit."""
        check_read(self.name, read[0], self.image, self.input_quantization)
        self.window.check(self.name, self.image)
        self.check_shape(self.window.size)
        if self.outputs % self.image[2]:
            raise SertoolError(
                f"{self.image[2]} channels make {self.outputs} outputs",
                where=f"layer {self.name!r}",
                allowed="as many outputs of each channel",
            )
        self.check_sums()

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, *places, outputs) for int8 (clips, height, width, channels)."""
        zero_point = self.input_quantization.zero_point
        sums = np.zeros((len(read[0]), *self.output.shape), np.int64)
        for (y, x), values in self.window.met(read[0], zero_point):
            sums += (values - zero_point).repeat(self.outputs_a_channel, axis=-1) * self.weights[:, y, x]
        return self.activations(sums + self.bias, rounding)
