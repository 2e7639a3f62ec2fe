"""Codes and steps: the numpy definitions of every width."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sertool.graph import TERNARY, Width
from sertool.laq.codes import SMALLEST_STEP, best_steps, codes, dequantize

WIDTHS = (Width(1), TERNARY, *(Width(bits) for bits in range(2, 9)))
MATRICES = arrays(np.float32, (3, 7), elements=st.floats(-4, 4, width=32, allow_subnormal=False))


@pytest.mark.parametrize("width", WIDTHS, ids=str)
@given(weights=MATRICES)
def test_codes_are_in_the_code_set_and_stay(width: Width, weights: np.ndarray) -> None:
    steps = best_steps(weights, width)
    assert steps.dtype == np.float32
    assert (steps >= SMALLEST_STEP).all()
    made = codes(weights, steps, width)
    allowed = {-1, 1} if width.bits == 1 else set(range(-width.largest_code, width.largest_code + 1))
    assert made.dtype == np.int8
    assert set(made.ravel().tolist()) <= allowed
    assert (codes(dequantize(made, steps), steps, width) == made).all()


def test_ternary_and_two_bits_have_the_same_codes() -> None:
    weights = np.random.default_rng(0).normal(0, 1, (4, 50)).astype(np.float32)
    steps = best_steps(weights, TERNARY)
    assert (steps == best_steps(weights, Width(2))).all()
    assert (codes(weights, steps, TERNARY) == codes(weights, steps, Width(2))).all()


def test_binary_step_is_the_mean_magnitude() -> None:
    weights = np.array([[1.0, -2.0, 0.0, 3.0]], np.float32)
    assert best_steps(weights, Width(1)).tolist() == [1.5]
    assert codes(weights, np.array([1.5], np.float32), Width(1)).tolist() == [[1, -1, 1, 1]]


def test_more_bits_leave_less_error() -> None:
    weights = np.random.default_rng(1).normal(0, 1, (4, 200)).astype(np.float32)
    errors = []
    for width in (Width(1), TERNARY, *(Width(bits) for bits in range(3, 9))):
        steps = best_steps(weights, width)
        errors.append(np.square(weights - dequantize(codes(weights, steps, width), steps)).mean())
    assert errors == sorted(errors, reverse=True)


def test_clipping_beats_the_full_range_where_one_weight_stands_out() -> None:
    weights = np.append(np.random.default_rng(2).normal(0, 0.1, 1000), 0.8).astype(np.float32)[None]
    full = np.abs(weights).max(axis=1) / Width(3).largest_code
    best = best_steps(weights, Width(3))
    assert best[0] < full[0]
    errors = [np.square(weights - dequantize(codes(weights, s, Width(3)), s)).sum() for s in (best, full)]
    assert errors[0] < errors[1]


@pytest.mark.parametrize("width", WIDTHS, ids=str)
def test_a_channel_of_zeros_has_a_positive_step(width: Width) -> None:
    assert best_steps(np.zeros((2, 5), np.float32), width).tolist() == [SMALLEST_STEP] * 2
