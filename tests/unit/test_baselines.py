"""Baselines: sizes by hand, what cannot fit, and that each keeps to what it says of its weights."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from training_examples import FEATURES, SCALE, float_model, training_data

from sertool import baselines, laq
from sertool.baselines.pruning import needed_sparsity, sparse_bytes
from sertool.baselines.shapes import fitting_hidden
from sertool.baselines.tensorflow_lite import converted
from sertool.errors import SertoolError
from sertool.graph import Width
from sertool.training import FineTuningConfig, FloatModel

SHORT = FineTuningConfig(epochs=4, batch_size=16)


def counted(outputs: int, inputs: int, width: Width) -> int:
    """A count of this test's own: rows of whole bytes, and 8 bytes of parameters an output."""
    return outputs * (-(-inputs * width.bits // 8) + 8)


def make(hidden: tuple[int, ...]) -> FloatModel:
    return float_model((FEATURES, *hidden, 3))


def test_sparse_weights_by_hand() -> None:
    codes = np.zeros((2, 400), np.int8)
    assert sparse_bytes(codes, counted) == 2 * 8
    # What is stored is filled up to a word.
    codes[0, 0] = 5
    assert sparse_bytes(codes, counted) == 4 + 16
    # 255 places further on needs no padding, 256 needs a 0 in between.
    codes[0, 255] = 5
    assert sparse_bytes(codes, counted) == 4 + 16
    codes[0, 255], codes[0, 256] = 0, 5
    assert sparse_bytes(codes, counted) == 8 + 16
    # With more than one in eight, a bit for each weight is cheaper.
    assert sparse_bytes(np.ones((2, 400), np.int8), counted) == 100 + 800 + 16


def test_the_sparsity_needed_is_the_least_that_fits() -> None:
    model = float_model((40, 30, 3))
    share = needed_sparsity(model, 900, counted)
    kept = [max(1, round(layer.weights.size * (1 - share))) for layer in model.layers]
    one_more = [max(1, round(layer.weights.size * (1.001 - share))) for layer in model.layers]

    def size(numbers: list[int]) -> int:
        masks = []
        for layer, number in zip(model.layers, numbers, strict=True):
            order = np.argsort(np.abs(layer.weights), axis=None)[::-1][:number]
            mask = np.zeros(layer.weights.size, np.int8)
            mask[order] = 1
            masks.append(mask.reshape(layer.weights.shape))
        return sum(sparse_bytes(mask, counted) for mask in masks)

    assert size(kept) <= 900 < size(one_more)
    assert needed_sparsity(model, 10_000, counted) == 0.0


def test_what_no_pruning_reaches_is_told() -> None:
    with pytest.raises(SertoolError, match="no pruned network of this shape takes 100 bytes") as caught:
        needed_sparsity(float_model((40, 30, 3)), 100, counted)
    # 33 outputs with 8 bytes each; a weight a layer with its distance, and a 0 on the way to one of them.
    assert str(caught.value.allowed) == f"{33 * 8 + 4 + 4} bytes or more"


@pytest.mark.parametrize(("width", "limit", "hidden"), [("8", 1000, 42), ("4", 1000, 62), ("1", 1000, 94)])
def test_the_widest_layer_that_fits(width: str, limit: int, hidden: int) -> None:
    found = fitting_hidden(12, 3, limit, Width.parse(width), counted)
    assert found == (hidden,)

    def size(units: int) -> int:
        plan = (Width.parse(width),) * 2
        return laq.byte_costs((12, units, 3), counted).of(plan)

    assert size(hidden) <= limit < size(hidden + 1)


def test_a_limit_below_one_unit_names_the_nearest() -> None:
    with pytest.raises(SertoolError, match="no network of 8 bits takes 46 bytes or less") as caught:
        fitting_hidden(12, 3, 46, Width(8), counted)
    assert caught.value.allowed == "47 bytes or more"
    for baseline in (baselines.int8, baselines.int4):
        with pytest.raises(SertoolError, match="no network of"):
            baseline(make, training_data(), 10, counted)
    for tuned in (baselines.smaller, baselines.clustering):
        with pytest.raises(SertoolError, match="no network of"):
            tuned(make, training_data(), 40, SHORT, counted)


def test_the_converter_takes_the_scale_of_the_features() -> None:
    graph = converted(float_model(), training_data())
    assert (graph.input.quantization, graph.labels) == (SCALE, training_data().labels)


def test_clustered_layers_have_few_values_and_one_scale() -> None:
    data = training_data()
    made = baselines.clustering(make, data, 900, SHORT, counted)
    for layer in made.graph.weighted:
        assert len(np.unique(layer.weights)) <= 16
        assert len(np.unique(layer.weight_scales)) == 1
    shapes = [layer.weights.shape for layer in made.graph.weighted]
    assert made.bytes == sum(counted(*shape, Width(4)) + 16 for shape in shapes) <= 900


def test_pruned_weights_are_zero_as_often_as_they_must() -> None:
    data, model = training_data(), float_model((FEATURES, 30, 3))
    made = baselines.pruning(model, data, 450, dataclasses.replace(SHORT, epochs=10), counted)
    assert made.bytes == sum(sparse_bytes(layer.weights, counted) for layer in made.graph.weighted) <= 450
    first = made.graph.weighted[0].weights
    assert (first == 0).mean() >= needed_sparsity(model, 450, counted) - 1 / first.size
