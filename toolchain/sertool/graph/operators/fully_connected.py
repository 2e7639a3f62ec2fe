"""A fully connected layer on int8: TFLite's FULLY_CONNECTED, and a matrix of codes that may be narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX, INT32_MIN, requantize
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding, Width
from sertool.graph.tensors import Tensor, TensorScale, Values


@dataclass(frozen=True, eq=False)
class FullyConnected:
    """y = clamp(requantize(W (x - input zero point) + bias) + output zero point).

    `weights` int8 (outputs, inputs), codes of `width`'s code set; `weight_scales` float32 (outputs,);
    `bias` int32 (outputs,) at input scale * weight scale; `multiplier` int32 (outputs,) in [2^30, 2^31) and
    `shift` int32 (outputs,), positive to the left: the real factor is multiplier * 2^(shift - 31), as
    TFLite's `QuantizeMultiplier` gives it. `activation_min` and `activation_max` fuse ReLU as a clamp.
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
    def inputs(self) -> int:
        """Number of input values."""
        return int(self.weights.shape[1])

    @property
    def outputs(self) -> int:
        """Number of output values."""
        return int(self.weights.shape[0])

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

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
        scaled = requantize(self.accumulate(read[0]), self.multiplier, self.shift, rounding)
        shifted = scaled + self.output_quantization.zero_point
        return np.clip(shifted, self.activation_min, self.activation_max).astype(np.int8)

    def accumulate(self, inputs: Values) -> NDArray[np.int64]:
        """Compute the int32 accumulators, bias included, as int64 (clips, outputs)."""
        # Sums stay far below 2^53, so the float64 product is exact, and BLAS makes it fast.
        centred = inputs.astype(np.float64) - self.input_quantization.zero_point
        return (centred @ self.weights.T.astype(np.float64)).astype(np.int64) + self.bias

    def accumulator_bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give each output's least and greatest accumulator over all int8 inputs: int64 (outputs,) twice."""
        weights = self.weights.astype(np.int64)
        positive, negative = np.maximum(weights, 0).sum(axis=1), np.minimum(weights, 0).sum(axis=1)
        zero_point = self.input_quantization.zero_point
        smallest, largest = -128 - zero_point, 127 - zero_point
        bias = self.bias.astype(np.int64)
        return positive * smallest + negative * largest + bias, positive * largest + negative * smallest + bias

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
