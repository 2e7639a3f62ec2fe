"""The fixed-point softmax against the real one; tests/exactness holds it against the runtimes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sertool.graph.operators.softmax import softmax, softmax_parameters


@given(
    arrays.arrays(np.int8, st.tuples(st.integers(1, 4), st.integers(1, 12))),
    st.floats(1e-4, 2.0, allow_nan=False),
)
def test_probabilities_are_within_a_step_of_the_real_ones(logits: np.ndarray, scale: float) -> None:
    codes = softmax(logits, scale)
    real = logits.astype(float) * scale
    exponential = np.exp(real - real.max(axis=1, keepdims=True))
    expected = exponential / exponential.sum(axis=1, keepdims=True) * 256 - 128
    assert codes.dtype == np.int8
    assert np.abs(codes - np.minimum(expected, 127)).max() <= 0.51


def test_equal_logits_share_alike() -> None:
    assert softmax(np.full((1, 4), 37, np.int8), 0.1).tolist() == [[-64, -64, -64, -64]]


def test_a_single_class_saturates() -> None:
    assert softmax(np.array([[5]], np.int8), 0.1).tolist() == [[127]]


def test_differences_below_the_least_count_as_nothing() -> None:
    assert softmax_parameters(2.0).diff_min == -7
    assert softmax(np.array([[0, -7, -8]], np.int8), 2.0).tolist() == [[127, -128, -128]]


def test_parameters_scale_a_step_to_q5_26() -> None:
    parameters = softmax_parameters(2.0**-5)
    assert (parameters.multiplier, parameters.left_shift) == (2**30, 22)
    assert parameters.diff_min == -496


def test_a_scale_that_the_kernel_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="not above"):
        softmax_parameters(2.0**-26)
