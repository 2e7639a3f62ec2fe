"""The fixed-point arithmetic against its definitions in unbounded integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sertool.graph import Rounding
from sertool.graph.arithmetic import (
    INT32_MAX,
    INT32_MIN,
    quantize_multiplier,
    requantize,
    rounding_divide_by_pot,
    saturating_rounding_doubling_high_mul,
)

int32 = st.one_of(
    st.integers(INT32_MIN, INT32_MAX), st.sampled_from([INT32_MIN, INT32_MIN + 1, -1, 0, 1, 2**30, INT32_MAX])
)


def half_away(value: Fraction) -> int:
    magnitude = int(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def half_up_magnitude_of_high_mul(a: int, b: int) -> int:
    """gemmlowp adds 2^30 to a product, or 1 - 2^30 to a negative one, and divides by 2^31 towards zero."""
    product = a * b
    nudged = product + (2**30 if product >= 0 else 1 - 2**30)
    quotient = abs(nudged) // 2**31
    return min(quotient if nudged >= 0 else -quotient, INT32_MAX)


@given(int32, int32)
def test_high_mul_is_gemmlowps(a: int, b: int) -> None:
    assert saturating_rounding_doubling_high_mul(a, b) == half_up_magnitude_of_high_mul(a, b)


def test_high_mul_saturates_in_one_case() -> None:
    assert saturating_rounding_doubling_high_mul(INT32_MIN, INT32_MIN) == INT32_MAX


def test_high_mul_rounds_a_negative_tie_towards_zero() -> None:
    assert saturating_rounding_doubling_high_mul(2**30, 1) == 1
    assert saturating_rounding_doubling_high_mul(-(2**30), 1) == 0


@given(int32, st.integers(0, 31))
def test_divide_by_pot_rounds_half_away(x: int, exponent: int) -> None:
    assert rounding_divide_by_pot(x, exponent) == half_away(Fraction(x, 2**exponent))


@given(st.integers(-(2**24), 2**24), st.integers(2**30, INT32_MAX), st.integers(-31, 6))
def test_double_rounding_rounds_twice(accumulator: int, multiplier: int, shift: int) -> None:
    high = half_up_magnitude_of_high_mul(accumulator << max(shift, 0), multiplier)
    expected = half_away(Fraction(high, 2 ** max(-shift, 0)))
    assert requantize(accumulator, multiplier, shift) == expected


@given(int32, st.integers(2**30, INT32_MAX), st.integers(-31, 30))
def test_single_rounding_rounds_half_up_once(accumulator: int, multiplier: int, shift: int) -> None:
    exact = Fraction(accumulator * multiplier) / Fraction(2) ** (31 - shift)
    expected = min(max((exact + Fraction(1, 2)).__floor__(), INT32_MIN), INT32_MAX)
    assert requantize(accumulator, multiplier, shift, Rounding.SINGLE) == expected


def test_requantize_broadcasts_over_channels() -> None:
    accumulators = np.array([[100, -100], [7, -7]])
    scaled = requantize(accumulators, [2**30, 2**30], [0, 1])
    assert scaled.tolist() == [[50, -100], [4, -7]]


@given(st.floats(2.0**-31, 2.0**29, allow_nan=False))
def test_quantized_multiplier_is_the_nearest(real: float) -> None:
    multiplier, shift = map(int, quantize_multiplier(real))
    assert 2**30 <= multiplier < 2**31
    error = abs(Fraction(real) - Fraction(multiplier) * Fraction(2) ** (shift - 31))
    assert error <= Fraction(2) ** (shift - 32)


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (1.0, (2**30, 1)),
        (0.5, (2**30, 0)),
        (0.0, (0, 0)),
        (2.0**-40, (0, 0)),
        # The mantissa rounds up to 1: the next power of two.
        (1 - 2.0**-40, (2**30, 1)),
    ],
)
def test_quantized_multiplier_at_its_edges(real: float, expected: tuple[int, int]) -> None:
    assert quantize_multiplier(real) == expected


@pytest.mark.parametrize("real", [-0.5, float("nan"), float("inf"), 2.0**30])
def test_a_factor_that_no_runtime_takes_is_refused(real: float) -> None:
    with pytest.raises(ValueError, match="is not in"):
        quantize_multiplier(real)
