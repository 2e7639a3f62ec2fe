"""int8 softmax in fixed point, as TFLite's reference kernel computes it (beta 1).

After TFLite's `kernels/internal/reference/softmax.h` and gemmlowp's `fixedpoint/fixedpoint.h`: exp as a quartic
on (-1/4, 0] and a barrel of constants for the rest, the reciprocal of the sum by three Newton-Raphson steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import (
    INT32_MAX,
    INT32_MIN,
    quantize_multiplier,
    rounding_divide_by_pot,
    saturating_rounding_doubling_high_mul,
)
from sertool.graph.layer import check_read
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Tensor, TensorScale, Values

#: exp(-2^e) as Q0.31, for e = -2 ... 4: what each bit of the remainder contributes.
EXP_BARREL = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)
#: exp(-1/8) and 1/3 as Q0.31: the quartic's centre and its coefficient.
EXP_CENTRE = 1895147668
ONE_THIRD = 715827883
#: 48/17 and -32/17 as Q2.29: the reciprocal's first guess.
RECIPROCAL_OFFSET = 1515870810
RECIPROCAL_SLOPE = -1010580540
#: Integer bits of the scaled difference and of the sum of exponentials.
DIFFERENCE_INTEGER_BITS = 5
SUM_INTEGER_BITS = 12
#: Most values of a softmax: where 512 are equal, the result's shift passes 31, at which TFLite Micro aborts.
LARGEST_SOFTMAX = 511
#: int8 probabilities: scale 1/256, zero point -128, as TFLite's Softmax demands.
PROBABILITIES = TensorScale(1 / 256, -128)


@dataclass(frozen=True)
class Softmax:
    """int8 logits to int8 probabilities (scale 1/256, zero point -128), TFLM's fixed-point reference."""

    name: str
    input: str
    size: int
    input_quantization: TensorScale

    @property
    def reads(self) -> tuple[str, ...]:
        """The one tensor that it reads."""
        return (self.input,)

    @property
    def output(self) -> Tensor:
        """int8 (size,)."""
        return Tensor(self.name, (self.size,), PROBABILITIES)

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it reads `size` values, quantized as it takes them, which kernels take."""
        check_read(self.name, read[0], (self.size,), self.input_quantization)
        where = f"layer {self.name!r}"
        try:
            softmax_parameters(self.input_quantization.scale)
        except ValueError as error:
            raise SertoolError(str(error), where=where, allowed="a scale above 2^-26") from error
        if self.size > LARGEST_SOFTMAX:
            raise SertoolError(
                f"softmax of {self.size} values",
                where=where,
                allowed=f"up to {LARGEST_SOFTMAX}: TFLite Micro ends the program where more are equal",
            )

    def run(self, read: Sequence[Values], rounding: Rounding) -> NDArray[np.int8]:
        """Give int8 (clips, size) for int8 (clips, size)."""
        return softmax(read[0].astype(np.int8), self.input_quantization.scale)


@dataclass(frozen=True)
class SoftmaxParameters:
    """`multiplier` and `left_shift` scale a difference of codes to Q5.26; below `diff_min` exp counts as 0."""

    multiplier: int
    left_shift: int
    diff_min: int


def softmax_parameters(input_scale: float) -> SoftmaxParameters:
    """Derive the kernel's parameters from the logits' scale.

    Raises ValueError where the scale is 2^-26 or less, which the kernel does not take.
    """
    real = min(input_scale * 2.0 ** (31 - DIFFERENCE_INTEGER_BITS), 2.0**31 - 1)
    if real <= 1:
        raise ValueError(f"softmax input scale {input_scale} is not above 2^-26")
    # The cap is 2^31 - 1, so only the mantissa is quantized here and the shift stays below 32.
    mantissa, exponent = math.frexp(real)
    multiplier, carry = quantize_multiplier(mantissa)
    left_shift = exponent + int(carry)
    largest = ((1 << DIFFERENCE_INTEGER_BITS) - 1) * 2.0 ** (31 - DIFFERENCE_INTEGER_BITS)
    return SoftmaxParameters(int(multiplier), left_shift, -math.floor(largest / 2.0**left_shift))


def softmax(logits: NDArray[np.int8], input_scale: float) -> NDArray[np.int8]:
    """Turn int8 logits (clips, classes) into int8 probabilities of that shape: scale 1/256, zero point -128."""
    parameters = softmax_parameters(input_scale)
    wide = logits.astype(np.int64)
    difference = wide - wide.max(axis=1, keepdims=True)
    counted = difference >= parameters.diff_min
    shifted = np.where(counted, difference, 0) << parameters.left_shift
    exponential = exp_on_negative_values(saturating_rounding_doubling_high_mul(shifted, parameters.multiplier))
    total = np.where(counted, rounding_divide_by_pot(exponential, SUM_INTEGER_BITS), 0).sum(
        axis=1, keepdims=True
    )
    # frexp's exponent is the bit length: 32 - it is the count of leading zeros.
    leading_zeros = 32 - np.frexp(total.astype(np.float64))[1].astype(np.int64)
    scale = one_over_one_plus_x((total << leading_zeros) - (1 << 31))
    product = saturating_rounding_doubling_high_mul(scale, exponential)
    code = rounding_divide_by_pot(product, SUM_INTEGER_BITS - leading_zeros + 31 - 8) - 128
    return np.where(counted, np.clip(code, -128, 127), -128).astype(np.int8)


def exp_on_negative_values(a: NDArray[np.int64]) -> NDArray[np.int64]:
    """exp(a) as Q0.31 for `a` <= 0 in Q5.26 (raw integers), any shape."""
    quarter = 1 << 24
    modulus = (a & (quarter - 1)) - quarter
    result = _exp_quartic(_shift_left(modulus, DIFFERENCE_INTEGER_BITS))
    remainder = modulus - a
    for bit, factor in enumerate(EXP_BARREL, start=24):
        chosen = saturating_rounding_doubling_high_mul(result, factor)
        result = np.where(remainder & (1 << bit), chosen, result)
    return np.where(a == 0, INT32_MAX, result)


def one_over_one_plus_x(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 / (1 + x) as Q0.31 for x in [0, 1) as Q0.31 (raw integers), any shape."""
    half_denominator = (x + INT32_MAX + 1) >> 1
    estimate = RECIPROCAL_OFFSET + saturating_rounding_doubling_high_mul(half_denominator, RECIPROCAL_SLOPE)
    for _ in range(3):
        error = (1 << 29) - saturating_rounding_doubling_high_mul(half_denominator, estimate)
        estimate = estimate + _shift_left(saturating_rounding_doubling_high_mul(estimate, error), 2)
    return _shift_left(estimate, 1)


def _exp_quartic(a: NDArray[np.int64]) -> NDArray[np.int64]:
    """exp(a) as Q0.31 for a in [-1/4, 0) as Q0.31: Taylor's series about -1/8."""
    x = a + (1 << 28)
    x2 = saturating_rounding_doubling_high_mul(x, x)
    x3 = saturating_rounding_doubling_high_mul(x2, x)
    x4 = saturating_rounding_doubling_high_mul(x2, x2)
    cubic = saturating_rounding_doubling_high_mul(rounding_divide_by_pot(x4, 2) + x3, ONE_THIRD)
    rest = rounding_divide_by_pot(cubic + x2, 1)
    return EXP_CENTRE + saturating_rounding_doubling_high_mul(EXP_CENTRE, x + rest)


def _shift_left(value: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    return np.clip(value << bits, INT32_MIN, INT32_MAX)
