"""The sum of two int8 tensors of one shape: TFLite's ADD without broadcasting.

After TFLite Micro's `CalculateOpDataAdd` and `AddFunc`: both sides are brought to twice the larger scale with
20 bits more, and their sum to the output's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import quantize_multiplier, requantize
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, TensorScale, Values, check_scale

#: Bits that both sides gain before they are scaled.
LEFT_SHIFT = 20


@dataclass(frozen=True)
class Factor:
    """A real factor below 1: multiplier * 2^(shift - 31), the shift not above 0."""

    multiplier: int
    shift: int


@dataclass(frozen=True)
class Add:
    """y = clamp(left + right): int8 tensors of one shape, each with a scale and a zero point of its own.

    `activation_min` and `activation_max` fuse ReLU as a clamp.
    """

    name: str
    left: str
    right: str
    shape: tuple[int, ...]
    left_quantization: TensorScale
    right_quantization: TensorScale
    output_quantization: TensorScale
    activation_min: int = -128
    activation_max: int = 127

    @property
    def reads(self) -> tuple[str, ...]:
        """The two tensors that it reads; they may be one."""
        return (self.left, self.right)

    @property
    def output(self) -> Tensor:
        """int8, of the shape of what is read."""
        return Tensor(self.name, self.shape, self.output_quantization)

    @property
    def factors(self) -> tuple[Factor, Factor, Factor]:
        """The factors of both sides and of the sum; raises ValueError where one is out of range."""
        left, right = self.left_quantization.scale, self.right_quantization.scale
        twice = 2 * max(left, right)
        reals = (left / twice, right / twice, twice / (2**LEFT_SHIFT * self.output_quantization.scale))
        found = []
        for real in reals:
            multiplier, shift = quantize_multiplier(real)
            if shift > 0:
                raise ValueError(f"a factor of {real} is not below 1")
            found.append(Factor(int(multiplier), int(shift)))
        return found[0], found[1], found[2]

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless both sides are of its shape and quantized as it takes them."""
        check_read(self.name, read[0], self.shape, self.left_quantization)
        check_read(self.name, read[1], self.shape, self.right_quantization)
        check_scale(self.name, "output", self.output_quantization)
        where = f"layer {self.name!r}"
        if not -128 <= self.activation_min <= self.activation_max <= 127:
            raise SertoolError(
                f"the activation's range is {self.activation_min} ... {self.activation_max}",
                where=where,
                allowed="a range within -128 ... 127",
            )
        try:
            _ = self.factors
        except ValueError as error:
            raise SertoolError(
                "the output's scale is too small for the sum",
                where=where,
                allowed="more than 2^-19 of the larger scale that is read, as TFLite Micro demands",
            ) from error

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, *shape) for two int8 arrays of that shape."""
        *sides, whole = self.factors
        total = np.zeros((), np.int64)
        for values, q, factor in zip(
            read, (self.left_quantization, self.right_quantization), sides, strict=True
        ):
            shifted = (values.astype(np.int64) - q.zero_point) << LEFT_SHIFT
            total = total + requantize(shifted, factor.multiplier, factor.shift, rounding)
        scaled = (
            requantize(total, whole.multiplier, whole.shift, rounding) + self.output_quantization.zero_point
        )
        return np.clip(scaled, self.activation_min, self.activation_max).astype(np.int8)
