"""Fixed-point requantization: from int32 accumulators to activations, as TFLite's kernels do it.

The definitions are gemmlowp's (`fixedpoint/fixedpoint.h`) and TFLite's (`quantization_util.cc` and `common.h`,
both in `kernels/internal`), vectorized over int64 numpy arrays that hold int32 values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.graph.quantization import Rounding

INT32_MIN = -(2**31)
INT32_MAX = 2**31 - 1
#: What every runtime takes: a multiplier whose shift is smaller counts as 0.
SMALLEST_SHIFT, LARGEST_SHIFT = -31, 30


def quantize_multiplier(real: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write each positive `real` as multiplier * 2^(shift - 31), multiplier in [2^30, 2^31): two arrays.

    As TFLite's `QuantizeMultiplier`: a factor below 2^-32 becomes (0, 0). Raises ValueError where one is
    negative, not finite, or so near 2^30 that its shift would be 31, which no runtime takes.
    """
    factor = np.asarray(real, np.float64)
    if not ((factor >= 0) & (factor < 2**30)).all():
        raise ValueError(f"a factor of {factor} is not in [0, 2^30)")
    mantissa, exponent = np.frexp(factor)
    multiplier = np.floor(mantissa * 2**31 + 0.5).astype(np.int64)
    carried = multiplier == 2**31
    multiplier, shift = np.where(carried, 2**30, multiplier), exponent.astype(np.int64) + carried
    if (shift > LARGEST_SHIFT).any():
        raise ValueError(f"a factor of {factor} rounds to 2^30")
    flushed = shift < SMALLEST_SHIFT
    return np.where(flushed, 0, multiplier), np.where(flushed, 0, shift)


def saturating_rounding_doubling_high_mul(a: ArrayLike, b: ArrayLike) -> NDArray[np.int64]:
    """Round (a * b) / 2^31 half away from zero for int32 values, broadcast; only MIN * MIN saturates."""
    product = np.asarray(a, np.int64) * np.asarray(b, np.int64)
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    # C divides towards zero, a shift towards minus infinity: shift the magnitude.
    magnitude = np.abs(nudged) >> 31
    return np.minimum(np.where(nudged < 0, -magnitude, magnitude), INT32_MAX)


def rounding_divide_by_pot(x: ArrayLike, exponent: ArrayLike) -> NDArray[np.int64]:
    """Round x / 2^exponent half away from zero; int32 `x`, `exponent` in 0 ... 31, broadcast."""
    value, bits = np.asarray(x, np.int64), np.asarray(exponent, np.int64)
    mask = (np.int64(1) << bits) - 1
    threshold = (mask >> 1) + (value < 0)
    return (value >> bits) + ((value & mask) > threshold).astype(np.int64)


def requantize(
    accumulator: ArrayLike, multiplier: ArrayLike, shift: ArrayLike, rounding: Rounding = Rounding.DOUBLE
) -> NDArray[np.int64]:
    """Scale int32 accumulators by multiplier * 2^(shift - 31), rounding as the mode says, broadcast.

    `shift` is positive to the left, from -31 to 30. With `DOUBLE`, accumulator * 2^shift has to fit int32 for a
    positive shift: the graph's builder proves that it does.
    """
    value = np.asarray(accumulator, np.int64)
    factor, left = np.asarray(multiplier, np.int64), np.asarray(shift, np.int64)
    if rounding is Rounding.SINGLE:
        total = 31 - left
        scaled = (value * factor + (np.int64(1) << (total - 1))) >> total
        clipped: NDArray[np.int64] = np.clip(scaled, INT32_MIN, INT32_MAX)
        return clipped
    high = saturating_rounding_doubling_high_mul(value << np.maximum(left, 0), factor)
    return rounding_divide_by_pot(high, np.maximum(-left, 0))
