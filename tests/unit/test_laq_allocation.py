"""Allocation: every strategy on scores made up for it, budgets against brute force, no test data in reach."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_examples import examples, float_model, training_data

from sertool import laq
from sertool.errors import SertoolError
from sertool.graph import TERNARY, Width
from sertool.laq.allocation import STRATEGIES, AllocationProblem, Budget, Costs, Score
from sertool.training import FloatModel

EIGHT = Width(8)
ONE = Width(1)
#: What a layer of 100 weights takes.
SIZES = {width: 100 * width.bits for width in laq.WIDTHS}


def counted(outputs: int, inputs: int, width: Width) -> int:
    """A count of this test's own: rows of whole bytes, and 8 bytes of parameters an output."""
    return outputs * (-(-inputs * width.bits // 8) + 8)


def costs(model: FloatModel) -> Costs:
    return laq.byte_costs(model.shape, counted)


#: Bytes of the network that `float_model` makes.
COSTS = costs(float_model())

Table = dict[tuple[int, Width], float]


def problem(
    values: list[float], lost: Table, margin: float = 0.0, limit: int | None = None, seed: int = 0
) -> AllocationProblem:
    """Layers of the given importance; a plan's accuracy is 0.9 less what each of its widths loses.

    What is lost is also how far the outputs move; the loss is the cost, so that of equals the wider is better.
    """
    rows = tuple(laq.LayerImportance(f"layer{i}", 0, 0, 0, value) for i, value in enumerate(values))
    costs = Costs("bytes", (SIZES,) * len(values))

    def evaluate(plan: tuple[Width, ...]) -> Score:
        accuracy = 0.9 - sum(lost.get((index, width), 0.0) for index, width in enumerate(plan))
        return Score(accuracy, 10_000.0 - costs.of(plan))

    def deviation(index: int, width: Width) -> float:
        return lost.get((index, width), 0.0)

    budget = None if limit is None else Budget(limit, costs)
    return AllocationProblem(rows, evaluate, deviation, costs, margin, budget, seed)


def solve(strategy: str, *arguments: object, **options: object) -> laq.Allocation:
    return STRATEGIES[strategy](problem(*arguments, **options))  # type: ignore[arg-type]


def test_laq_visits_the_most_important_first_and_stops_at_the_narrowest_width() -> None:
    lost = {(1, ONE): 0.5, (1, TERNARY): 0.2, (0, ONE): 0.4}
    found = solve("laq", [0.2, 0.9, 0.5], lost)
    assert found.plan == (TERNARY, Width(3), ONE)
    assert [(step.layer, str(step.width), step.kept) for step in found.steps] == [
        ("layer1", "1", False),
        ("layer1", "ternary", False),
        ("layer1", "3", True),
        ("layer2", "1", True),
        ("layer0", "1", False),
        ("layer0", "ternary", True),
    ]
    assert found.baseline.accuracy == found.score.accuracy == 0.9
    assert found.bytes == 200 + 300 + 100


def test_margin_scales_with_importance_and_is_halved_at_both_ends() -> None:
    lost = {(index, width): 0.03 for index in range(3) for width in laq.WIDTHS[:-1]}
    # Important middle layer: 0.05 * 0.8 covers 0.03; the first one's 0.05 * 0.9 / 2 does not.
    found = solve("laq", [0.9, 0.8, 0.1], lost, margin=0.05)
    assert found.plan == (EIGHT, ONE, EIGHT)
    assert found.score.accuracy == pytest.approx(0.87)


def test_where_nothing_narrower_will_do_8_bits_remain() -> None:
    found = solve("laq", [1.0], {(0, width): 0.1 for width in laq.WIDTHS[:-1]})
    assert found.plan == (EIGHT,)
    assert not any(step.kept for step in found.steps)
    written = found.to_dict()
    assert (written["plan"], written["margin"], written["bytes"]) == ("8", 0.0, 800)
    assert written["steps"][0] == {  # type: ignore[index]
        "layer": "layer0", "width": "1", "accuracy": 0.8, "loss": 9900.0, "kept": False,
    }  # fmt: skip


def narrow(layers: int) -> Table:
    """Every width loses what it lacks of 8 bits, in every layer alike."""
    return {(i, width): 0.01 * (8 - width.bits) for i in range(layers) for width in laq.WIDTHS}


def test_under_a_budget_laq_widens_its_margin_until_the_plan_fits() -> None:
    loose = solve("laq", [0.5, 0.9, 0.7], narrow(3))
    assert loose.plan == (EIGHT,) * 3
    tight = solve("laq", [0.5, 0.9, 0.7], narrow(3), limit=1200)
    assert tight.bytes <= 1200
    assert tight.margin is not None and tight.margin > 0


def test_what_is_left_of_a_budget_goes_to_the_most_important_layer() -> None:
    # 1 bit is free, so LAQ alone would stop at it; 600 bytes are left for layer 1, then 100 for layer 2.
    found = solve("laq", [0.5, 0.9, 0.7], {}, limit=1100)
    assert found.plan == (ONE, EIGHT, TERNARY)
    assert [(step.layer, str(step.width)) for step in found.steps[-2:]] == [
        ("layer1", "8"), ("layer2", "ternary"),
    ]  # fmt: skip
    # Each of these steps has the score of the plan as it was then: here the loss is what is not spent.
    assert [step.score.loss for step in found.steps[-2:]] == [9000.0, 8900.0]


def test_a_budget_that_no_margin_meets_narrows_the_least_important_first() -> None:
    # No margin accepts less than 8 bits here: 1e9 is lost by each.
    lost = {(i, width): 1e9 for i in range(3) for width in laq.WIDTHS[:-1]}
    found = solve("laq", [0.5, 0.9, 0.7], lost, limit=1750)
    assert found.plan == (ONE, EIGHT, EIGHT)


def test_a_drawn_order_repeats_itself_and_ignores_importance() -> None:
    def plan(values: list[float], seed: int) -> tuple[Width, ...]:
        return solve("random-order", values, {}, limit=1100, seed=seed).plan

    plans = {plan([0.5, 0.5, 0.5], seed) for seed in range(20)}
    assert len(plans) > 3
    assert all(plan([0.1, 0.9, 0.5], seed) == plan([0.5, 0.9, 0.1], seed) for seed in range(20))


def test_uniform() -> None:
    assert solve("uniform", [0.1, 0.2], {}, limit=900).plan == (Width(4), Width(4))
    assert solve("uniform", [0.1, 0.2], {(0, ONE): 0.1}, margin=0.05).plan == (TERNARY, TERNARY)
    dear = Costs("instructions", ({**SIZES, ONE: 500}, {**SIZES, TERNARY: 500}))
    rows = problem([0.1, 0.2], {})
    with pytest.raises(SertoolError, match="no uniform plan takes 310 instructions or less") as caught:
        STRATEGIES["uniform"](replace(rows, budget=Budget(310, dear)))
    assert "that is plan 1,1" in str(caught.value.allowed)


def test_exhaustive_takes_the_best_score_and_without_a_budget_the_smallest_within_the_margin() -> None:
    lost = {(0, ONE): 0.2, (1, ONE): 0.1, (0, TERNARY): 0.05}
    assert solve("exhaustive", [0.1, 0.2], lost, limit=500).plan == (Width(3), TERNARY)
    assert solve("exhaustive", [0.1, 0.2], lost, margin=0.06).plan == (TERNARY, TERNARY)
    with pytest.raises(SertoolError, match="5 layers have 32,768 plans") as caught:
        solve("exhaustive", [0.1] * 5, {})
    assert "strategy budget" in str(caught.value.hint)


moved = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 3))


@settings(max_examples=60, deadline=None)
@given(
    table=st.lists(st.lists(moved, min_size=8, max_size=8), min_size=1, max_size=4),
    costs=st.lists(st.lists(st.integers(1, 50), min_size=8, max_size=8), min_size=4, max_size=4),
    share=st.floats(0, 1),
)
def test_the_budget_strategy_finds_the_least_movement_there_is(
    table: list[list[float]], costs: list[list[int]], share: float
) -> None:
    layers = len(table)
    prices = Costs("instructions", tuple(dict(zip(laq.WIDTHS, row, strict=True)) for row in costs[:layers]), 7)
    least = 7 + sum(min(row) for row in costs[:layers])
    most = 7 + sum(max(row) for row in costs[:layers])
    limit = round(least + share * (most - least))
    lost = {(i, width): row[j] for i, row in enumerate(table) for j, width in enumerate(laq.WIDTHS)}
    made = problem([0.5] * layers, lost)
    found = STRATEGIES["budget"](replace(made, budget=Budget(limit, prices)))
    assert prices.of(found.plan) <= limit

    def movement(plan: tuple[Width, ...]) -> float:
        return sum(lost[index, width] for index, width in enumerate(plan))

    allowed = [plan for plan in itertools.product(laq.WIDTHS, repeat=layers) if prices.of(plan) <= limit]
    assert movement(found.plan) == min(map(movement, allowed))


@settings(max_examples=100, deadline=None)
@given(
    table=st.lists(st.lists(moved, min_size=8, max_size=8), min_size=1, max_size=3),
    costs=st.lists(st.lists(st.integers(1, 50), min_size=8, max_size=8), min_size=3, max_size=3),
    values=st.lists(st.floats(0, 1), min_size=3, max_size=3),
    margin=st.floats(0, 0.99),
    share=st.floats(0, 1),
    seed=st.integers(0, 100),
)
@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_every_plan_is_within_the_budget_or_else_within_the_margin(
    strategy: str,
    table: list[list[float]],
    costs: list[list[int]],
    values: list[float],
    margin: float,
    share: float,
    seed: int,
) -> None:
    layers = len(table)
    lost = {(i, width): row[j] for i, row in enumerate(table) for j, width in enumerate(laq.WIDTHS)}
    prices = Costs("instructions", tuple(dict(zip(laq.WIDTHS, row, strict=True)) for row in costs[:layers]))
    uniform = [prices.of((width,) * layers) for width in laq.WIDTHS]
    most = prices.of([max(laq.WIDTHS, key=layer.__getitem__) for layer in prices.layers])
    made = problem(values[:layers], lost, margin, seed=seed)
    tight = Budget(round(min(uniform) + share * (most - min(uniform))), prices)
    found = STRATEGIES[strategy](replace(made, budget=tight))
    assert tight.allows(found.plan)
    assert found.score == made.evaluate(found.plan)
    assert found.bytes == made.bytes.of(found.plan)
    if strategy != "budget":
        loose = STRATEGIES[strategy](made)
        assert loose.score == made.evaluate(loose.plan)
        assert loose.score.accuracy >= loose.baseline.accuracy - margin


def test_a_budget_that_nothing_meets_names_the_nearest() -> None:
    with pytest.raises(SertoolError, match="no plan takes 299 bytes or less") as caught:
        problem([0.1, 0.2, 0.3], {}, limit=299)
    assert caught.value.allowed == "300 or more: that is plan 1,1,1"
    with pytest.raises(SertoolError, match="the strategy budget has no budget"):
        solve("budget", [0.1], {})


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_a_margin_that_nothing_within_the_budget_keeps_names_the_nearest(strategy: str) -> None:
    model, data = float_model(), training_data()
    budget = laq.Budget(COSTS.of((ONE,) * 3), COSTS)
    found = laq.allocate(model, data, bytes=COSTS, strategy=strategy, budget=budget)
    points = 100 * (found.baseline.accuracy - found.score.accuracy)
    assert points > 1
    with pytest.raises(SertoolError, match="takes 207 bytes or less and loses 1 points") as caught:
        laq.allocate(model, data, bytes=COSTS, strategy=strategy, margin=0.01, budget=budget)
    assert caught.value.allowed == f"{math.ceil(100 * points) / 100:g} points or more: that is plan 1,1,1"
    nearest = float(caught.value.allowed.split()[0]) / 100
    assert (
        laq.allocate(model, data, bytes=COSTS, strategy=strategy, margin=nearest, budget=budget).plan
        == (ONE,) * 3
    )


def test_what_belongs_to_another_network_is_refused() -> None:
    model, data = float_model(), training_data()
    other = float_model((12, 10, 3))
    with pytest.raises(SertoolError, match="bytes are those of another network: 2 layers") as caught:
        laq.allocate(model, data, bytes=COSTS, budget=laq.Budget(10_000, costs(other)))
    assert caught.value.allowed == "3 layers: dense1, dense2, logits"
    with pytest.raises(SertoolError, match="importance of other layers: dense1, logits") as caught:
        laq.allocate(model, data, laq.importance(other), bytes=COSTS)
    assert caught.value.allowed == "dense1, dense2, logits"


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "budget"])
def test_allocation_of_a_network_scores_the_integer_reference_on_validation(strategy: str) -> None:
    model, data = float_model(), training_data()
    found = laq.allocate(model, data, bytes=COSTS, strategy=strategy, margin=0.1)
    quantized = laq.quantize(model, found.plan, data.train.features)
    assert found.score.accuracy == laq.evaluate(laq.integer_graph(quantized), data.validation).weighted
    assert found.bytes == COSTS.of(found.plan)


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_a_network_under_a_byte_budget(strategy: str) -> None:
    model, data = float_model(), training_data()
    narrowest = COSTS.of((ONE,) * 3)
    found = laq.allocate(model, data, bytes=COSTS, strategy=strategy, budget=laq.Budget(narrowest + 30, COSTS))
    assert narrowest <= found.bytes <= narrowest + 30
    assert found.bytes == COSTS.of(found.plan)


def test_calibration_takes_some_of_many_clips() -> None:
    model = float_model()
    many = type(training_data())(examples(1500, 1), examples(30, 2), model.labels, model.input)
    assert laq.allocate(model, many, bytes=COSTS).baseline.accuracy > 0


def test_scores_rank_by_accuracy_then_by_loss() -> None:
    assert Score(0.5, 1.0) < Score(0.6, 2.0)
    assert Score(0.5, 2.0) < Score(0.5, 1.0)
    assert not Score(0.5, 1.0) < Score(0.5, 1.0)


def test_unknown_strategy_and_margin_out_of_range() -> None:
    model, data = float_model(), training_data()
    with pytest.raises(SertoolError, match="unknown allocation strategy: best") as caught:
        laq.allocate(model, data, bytes=COSTS, strategy="best")
    assert caught.value.allowed == "laq, budget, uniform, random-order, exhaustive"
    for margin in (-0.1, 1.0, math.nan):
        with pytest.raises(SertoolError, match="a margin of"):
            laq.allocate(model, data, bytes=COSTS, margin=margin)


def test_one_bit_moves_the_outputs_more_than_eight() -> None:
    from sertool.laq.allocation.evaluation import PostTraining

    scorer = PostTraining(float_model(), training_data())
    for layer in range(3):
        moves = [scorer.deviation(layer, width) for width in laq.WIDTHS]
        assert moves[0] > moves[-1] > 0
        assert np.isfinite(moves).all()
