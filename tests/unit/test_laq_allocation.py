"""Importance and allocation: the terms by hand, the search on scores made up for it, no test data in reach."""

from __future__ import annotations

import math

import numpy as np
import pytest
from training_examples import examples, float_model, training_data

from sertool import laq
from sertool.errors import SertoolError
from sertool.graph import TERNARY, Width
from sertool.laq.allocate import AllocationProblem
from sertool.laq.allocate import laq as search
from sertool.laq.importance import histogram_entropy
from sertool.training import DenseLayer, FloatModel

EIGHT = Width(8)


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
    assert set(first.to_dict()) == {"name", "proportion", "entropy", "variance", "value"}


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


def problem(values: list[float], score: dict[tuple[int, Width], float], margin: float) -> AllocationProblem:
    """Layers of the given importance; a plan's accuracy is 0.9 less what each of its widths costs."""
    rows = tuple(laq.LayerImportance(f"layer{i}", 0, 0, 0, value) for i, value in enumerate(values))

    def evaluate(plan: tuple[Width, ...]) -> float:
        return 0.9 - sum(score.get((index, width), 0.0) for index, width in enumerate(plan))

    return AllocationProblem(rows, evaluate, margin)


def test_search_visits_the_most_important_first_and_stops_at_the_narrowest_width() -> None:
    costs = {(1, Width(1)): 0.5, (1, TERNARY): 0.2, (0, Width(1)): 0.4}
    found = search(problem([0.2, 0.9, 0.5], costs, margin=0.0))
    assert found.plan == (TERNARY, Width(3), Width(1))
    assert [(step.layer, str(step.width), step.kept) for step in found.steps] == [
        ("layer1", "1", False),
        ("layer1", "ternary", False),
        ("layer1", "3", True),
        ("layer2", "1", True),
        ("layer0", "1", False),
        ("layer0", "ternary", True),
    ]
    assert found.baseline == found.accuracy == 0.9


def test_margin_scales_with_importance_and_is_halved_at_both_ends() -> None:
    costs = {(index, width): 0.03 for index in range(3) for width in laq.WIDTHS[:-1]}
    # Important middle layer: 0.05 * 0.8 covers 0.03; the first one's 0.05 * 0.9 / 2 does not.
    found = search(problem([0.9, 0.8, 0.1], costs, margin=0.05))
    assert found.plan == (EIGHT, Width(1), EIGHT)
    assert found.accuracy == pytest.approx(0.87)


def test_where_nothing_narrower_will_do_8_bits_remain() -> None:
    costs = {(0, width): 0.1 for width in laq.WIDTHS[:-1]}
    found = search(problem([1.0], costs, margin=0.0))
    assert found.plan == (EIGHT,)
    assert not any(step.kept for step in found.steps)
    assert found.to_dict()["plan"] == "8"
    assert found.to_dict()["steps"][0] == {  # type: ignore[index]
        "layer": "layer0",
        "width": "1",
        "accuracy": 0.8,
        "kept": False,
    }


def test_allocation_of_a_network_scores_the_integer_reference_on_validation() -> None:
    model, data = float_model(), training_data()
    found = laq.allocate(model, data, laq.importance(model), margin=0.1)
    graph = laq.integer_graph(laq.quantize(model, found.plan, data.train.features))
    assert found.accuracy == laq.evaluate(graph, data.validation).weighted
    assert len(found.plan) == 3


def test_calibration_takes_some_of_many_clips() -> None:
    model = float_model()
    many = type(training_data())(examples(1500, 1), examples(30, 2), model.labels, model.input)
    assert laq.allocate(model, many, laq.importance(model)).baseline > 0


def test_unknown_strategy_and_margin_out_of_range() -> None:
    model, data = float_model(), training_data()
    with pytest.raises(SertoolError, match="unknown allocation strategy: best") as caught:
        laq.allocate(model, data, laq.importance(model), strategy="best")
    assert caught.value.allowed == "laq"
    for margin in (-0.1, 1.0, math.nan):
        with pytest.raises(SertoolError, match="a margin of"):
            laq.allocate(model, data, laq.importance(model), margin=margin)
