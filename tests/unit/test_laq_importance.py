"""Importance: the terms by hand, sensitivities against finite differences."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from training_examples import float_model, training_data

from sertool import laq
from sertool.errors import SertoolError
from sertool.laq.importance import histogram_entropy
from sertool.laq.sensitivity import gradient, hessian
from sertool.training import DenseLayer, Examples, FloatModel


def two_layers() -> FloatModel:
    first = DenseLayer("first", np.array([[1, -1, 1, -1]], np.float32), np.zeros(1, np.float32), True)
    second = DenseLayer("second", np.array([[0], [2]], np.float32), np.zeros(2, np.float32), False)
    return FloatModel((first, second), ("a", "b"), training_data().input)


def test_terms_by_hand() -> None:
    first, second = laq.importance(two_layers(), laq.ImportanceConfig(bins=4))
    assert (first.name, first.proportion, second.proportion) == ("first", 5 / 9, 4 / 9)
    assert first.entropy == second.entropy == pytest.approx(0.5)
    assert first.variance == second.variance == pytest.approx(1.0)
    assert first.value == pytest.approx((5 / 9 + 0.5 + 1) / 3)
    assert (first.gradient, first.hessian) == (None, None)


def test_variance_is_relative_to_the_widest_layer() -> None:
    model = two_layers()
    narrow = DenseLayer("first", model.layers[0].weights / 2, model.layers[0].bias, True)
    row = laq.importance(FloatModel((narrow, model.layers[1]), model.labels, model.input))[0]
    assert row.variance == pytest.approx(math.log(math.e - 1 + 0.25))


def test_weights_and_sign_of_the_terms() -> None:
    only = laq.ImportanceConfig(proportion=0, entropy=0, variance=2, invert_variance=True)
    for row in laq.importance(float_model(), only):
        assert row.value == pytest.approx(1 - row.variance)


def test_constant_weights_have_no_entropy_and_no_spread() -> None:
    assert histogram_entropy(np.ones((2, 3), np.float32), 256) == 0.0
    flat = DenseLayer("flat", np.ones((2, 3), np.float32), np.zeros(2, np.float32), False)
    assert laq.importance(FloatModel((flat,), ("a", "b"), training_data().input))[0].value > 0


@pytest.mark.parametrize("weights", [(0, 0, 0), (-1, 1, 1), (math.inf, 1, 1), (math.nan, 1, 1)])
def test_importance_weights_out_of_range(weights: tuple[float, float, float]) -> None:
    with pytest.raises(SertoolError, match="importance weights"):
        laq.ImportanceConfig(*weights)


def test_one_bin_is_no_histogram() -> None:
    with pytest.raises(SertoolError, match="1 bins"):
        laq.ImportanceConfig(bins=1)


def test_unknown_measure_and_sensitivity_without_clips() -> None:
    with pytest.raises(SertoolError, match="unknown measure of importance: luck"):
        laq.ImportanceConfig(measure="luck")
    with pytest.raises(SertoolError, match="the measure hessian has no clips"):
        laq.importance(float_model(), laq.ImportanceConfig(measure="hessian"))


@pytest.mark.parametrize("measure", ["gradient", "hessian"])
def test_sensitivity_takes_the_place_of_the_terms(measure: str) -> None:
    rows = laq.importance(float_model(), laq.ImportanceConfig(measure=measure), training_data().train)
    assert max(row.value for row in rows) == 1.0
    assert all(0 < row.value == getattr(row, measure) <= 1 for row in rows)
    by_laq = laq.importance(float_model(), None, training_data().train)
    assert [row.value for row in by_laq] == [row.value for row in laq.importance(float_model())]
    # What is not asked for is there to be compared all the same.
    assert [replace(row, value=0.0) for row in rows] == [replace(row, value=0.0) for row in by_laq]


def loss(model: FloatModel, index: int, weights: np.ndarray, clip: int) -> float:
    """Cross-entropy of one clip, in float64, with other weights in one layer."""
    data = training_data().train
    values = data.features[clip] * 2.0**-5
    for number, layer in enumerate(model.layers):
        values = (weights if number == index else layer.weights.astype(float)) @ values + layer.bias
        values = np.maximum(values, 0) if layer.relu else values
    return float(np.log(np.exp(values).sum()) - values[data.labels[clip]])


@pytest.mark.parametrize("index", [0, 1, 2])
def test_sensitivities_are_those_of_finite_differences(index: int) -> None:
    model, step = float_model((12, 4, 3, 3)), 1e-4
    clips, weights = range(6), model.layers[index].weights.astype(float)
    some = Examples(training_data().train.features[:6], training_data().train.labels[:6])
    slopes, curvatures = np.zeros(weights.shape), 0.0
    for clip in clips:
        middle = loss(model, index, weights, clip)
        for place in np.ndindex(weights.shape):
            moved = [weights.copy(), weights.copy()]
            moved[0][place] += step
            moved[1][place] -= step
            ahead, back = (loss(model, index, each, clip) for each in moved)
            slopes[place] += abs((ahead - back) / (2 * step) * weights[place])
            curvatures += (ahead - 2 * middle + back) / step**2
    assert gradient(model, some)[index] == pytest.approx(slopes.sum() / 6, rel=1e-4)
    wanted = curvatures / 6 * np.square(weights).mean()
    assert hessian(model, some)[index] == pytest.approx(wanted, rel=1e-3)
