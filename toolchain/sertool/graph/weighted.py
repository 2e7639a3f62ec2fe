"""What layers that have weights share: codes that may be narrow, int32 sums, and the way back to int8."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX, INT32_MIN, requantize
from sertool.graph.quantization import Rounding, Width
from sertool.graph.tensors import Tensor, TensorScale, Values


@dataclass(frozen=True, eq=False)
class Weighted(abc.ABC):
    """y = clamp(requantize(sum of weight * (x - input zero point) + bias) + output zero point).

    `weights` int8 (outputs, ...), codes of `width`'s code set: a row makes one output, or one channel of them.
    `weight_scales` float32 (outputs,); `bias` int32 (outputs,) at input scale * weight scale; `multiplier`
    int32 (outputs,) in [2^30, 2^31) and `shift` int32 (outputs,), positive to the left: the real factor is
    multiplier * 2^(shift - 31), as TFLite's `QuantizeMultiplier` gives it. `activation_min` and
    `activation_max` fuse ReLU as a clamp.
    """

    name: str
    input: str
    weights: NDArray[np.int8]
    bias: NDArray[np.int32]
    weight_scales: NDArray[np.float32]
    multiplier: NDArray[np.int32]
    shift: NDArray[np.int32]
    input_quantization: TensorScale
    output_quantization: TensorScale
    width: Width
    activation_min: int = -128
    activation_max: int = 127

    @property
    @abc.abstractmethod
    def output(self) -> Tensor:
        """The tensor that it gives."""

    @abc.abstractmethod
    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it takes what it reads, and all sums fit."""

    @abc.abstractmethod
    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Compute the output."""

    @property
    def rows(self) -> NDArray[np.int8]:
        """The codes as a matrix (outputs, inputs)."""
        return self.weights.reshape(self.outputs, -1)

    @property
    def inputs(self) -> int:
        """Number of values that make one output: of weights in a row."""
        return int(self.rows.shape[1])

    @property
    def outputs(self) -> int:
        """Number of rows."""
        return len(self.weights)

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

    def activations(self, accumulators: NDArray[np.int64], rounding: Rounding) -> NDArray[np.int8]:
        """Turn int32 accumulators (..., outputs), bias included, into int8 of that shape."""
        scaled = requantize(accumulators, self.multiplier, self.shift, rounding)
        shifted = scaled + self.output_quantization.zero_point
        return np.clip(shifted, self.activation_min, self.activation_max).astype(np.int8)

    def accumulator_bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give each output's least and greatest accumulator over all int8 inputs: int64 (outputs,) twice."""
        weights = self.rows.astype(np.int64)
        positive, negative = np.maximum(weights, 0).sum(axis=1), np.minimum(weights, 0).sum(axis=1)
        zero_point = self.input_quantization.zero_point
        smallest, largest = -128 - zero_point, 127 - zero_point
        bias = self.bias.astype(np.int64)
        return positive * smallest + negative * largest + bias, positive * largest + negative * smallest + bias

    def check_shape(self, row: tuple[int, ...]) -> None:
        """Raise SertoolError unless the weights of one output are of shape `row`."""
        if self.weights.shape[1:] != row:
            raise SertoolError(
                f"weights are of shape {list(self.weights.shape)}",
                where=f"layer {self.name!r}",
                allowed=f"{list(row)} for each output",
            )

    def check_sums(self) -> None:
        """Raise SertoolError where arrays do not fit each other or could leave int32."""
        where = f"layer {self.name!r}"
        arrays = (self.bias, self.multiplier, self.shift)
        if any(array.dtype != np.int32 or array.shape != (self.outputs,) for array in arrays):
            raise SertoolError(
                "bias, multiplier or shift has the wrong shape or type",
                where=where,
                allowed=f"int32 of shape ({self.outputs},)",
            )
        if not -128 <= self.activation_min <= self.activation_max <= 127:
            raise SertoolError(
                f"the activation's range is {self.activation_min} ... {self.activation_max}",
                where=where,
                allowed="a range within -128 ... 127",
            )
        bounds = self.accumulator_bounds()
        # Some kernels add the bias first, others last: both orders have to fit.
        low = np.minimum(bounds[0], bounds[0] - self.bias)
        high = np.maximum(bounds[1], bounds[1] - self.bias)
        left = np.maximum(self.shift.astype(np.int64), 0)
        if (low << left).min() < INT32_MIN or (high << left).max() > INT32_MAX:
            output = int(np.argmax(np.maximum(-low, high) << left))
            raise SertoolError(
                f"the accumulator of output {output} can leave int32 ({low[output]} ... {high[output]}, "
                f"shifted left by {left[output]})",
                where=where,
                allowed="sums that fit int32 for every int8 input",
                hint="fewer inputs, a smaller bias, or a larger output scale",
            )
        # Runtimes add the output's zero point in int32 before they clamp.
        greatest = np.maximum(-low, high) * self.multiplier.astype(np.int64) >> (
            31 - self.shift.astype(np.int64)
        )
        if greatest.max() > INT32_MAX - 256:
            raise SertoolError(
                f"output {int(np.argmax(greatest))} can leave int32 before it is clamped "
                f"({greatest.max()} steps)",
                where=where,
                allowed=f"up to {INT32_MAX - 256} steps of the output scale",
                hint="a larger output scale",
            )
