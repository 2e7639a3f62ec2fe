"""What layers share that make one value of all that a window meets of a channel."""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, TensorScale, Values, check_scale
from sertool.graph.window import Window

#: Values that a window meets of a channel: their sum fits int32.
LARGEST_WINDOW = 2**24 - 1


@dataclass(frozen=True)
class Pooling(abc.ABC):
    """`image` is (height, width, channels) of the input, quantized as the output is.

    Only what lies inside the image counts. `activation_min` and `activation_max` fuse ReLU as a clamp.
    """

    name: str
    input: str
    image: tuple[int, int, int]
    window: Window
    output_quantization: TensorScale
    activation_min: int = -128
    activation_max: int = 127

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

    @property
    def output(self) -> Tensor:
        """int8 (*places of the window, channels)."""
        return Tensor(self.name, (*self.window.places(self.image), self.image[2]), self.output_quantization)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads its image, quantized as it gives it, and the window fits."""
        check_read(self.name, read[0], self.image, self.output_quantization)
        check_scale(self.name, "output", self.output_quantization)
        self.window.check(self.name, self.image)
        where = f"layer {self.name!r}"
        if self.window.dilation != (1, 1) or math.prod(self.window.size) > LARGEST_WINDOW:
            raise SertoolError(
                f"{self.window} pools",
                where=where,
                allowed=f"windows without dilation, of up to {LARGEST_WINDOW} values",
            )
        if not -128 <= self.activation_min <= self.activation_max <= 127:
            raise SertoolError(
                f"the activation's range is {self.activation_min} ... {self.activation_max}",
                where=where,
                allowed="a range within -128 ... 127",
            )

    @abc.abstractmethod
    def pooled(self, image: Values) -> NDArray[np.int64]:
        """Give (clips, *places, channels) for (clips, height, width, channels), before the clamp."""

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, *places, channels) for int8 (clips, height, width, channels)."""
        return np.clip(self.pooled(read[0]), self.activation_min, self.activation_max).astype(np.int8)
