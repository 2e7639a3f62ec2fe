"""Learning trials: the same everywhere, and test clips are looked at and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits
from training_examples import examples, training_data

from sertool import laq, training
from sertool.errors import SertoolError
from sertool.experiments.learning import learn, learning_digest
from sertool.experiments.outcomes import Outcome
from sertool.experiments.trials import Recipe, Trial
from sertool.firmware.pack import layer_bytes
from sertool.material import Case
from sertool.training import Examples, FineTuningConfig, TrainingConfig

CASE = Case(0, 0, training_data(), examples(30, 5))
TRAINING, TUNING = TrainingConfig(hidden=(8,), epochs=4), FineTuningConfig(epochs=3)
JUDGED, KEPT = Recipe(TRAINING, TUNING, judged=True), Recipe(TRAINING, TUNING)
#: Widths given, and a search: 8 rows of 12 codes and 3 of 8 take 12 to 120 bytes, scales and biases 88.
GIVEN, SEARCHED = Trial("given", (8,), plan="1,ternary"), Trial("laq", (8,), limit=150)


def learned(case: Case, trial: Trial = GIVEN, recipe: Recipe = JUDGED) -> Outcome:
    (found,) = learn(case, recipe, [trial], learning_digest())
    return found


@pytest.fixture(scope="module")
def once() -> Outcome:
    return learned(CASE)


def test_a_point_is_what_its_parts_give(once: Outcome) -> None:
    model, _ = training.fit(CASE.data, TRAINING)
    quantized = laq.fine_tune(model, laq.parse_plan("1,ternary", ["dense1", "logits"]), CASE.data, TUNING)
    graph, costs = laq.integer_graph(quantized), laq.byte_costs(model.shape, layer_bytes)
    assert (once.shape, once.plan, once.bytes) == ((12, 8, 3), "1,ternary", costs.of(quantized.plan))
    for found, expected in (
        (once.validation, laq.evaluate(graph, CASE.data.validation)),
        (once.test, laq.evaluate(graph, CASE.test)),
        (once.float_validation, training.evaluate(model, CASE.data.validation)),
        (once.float_test, training.evaluate(model, CASE.test)),
    ):
        assert found is not None and np.array_equal(found.confusion, expected.confusion)
    assert once.heard == tuple(laq.classify(graph, CASE.test.features).tolist())


def test_what_is_not_judged_trains_on_both_parts_as_a_build_does() -> None:
    found = learned(CASE, SEARCHED, KEPT)
    searched, _ = training.fit(CASE.data, TRAINING)
    costs = laq.byte_costs(searched.shape, layer_bytes)
    plan = laq.allocate(searched, CASE.data, bytes=costs, budget=laq.Budget(150, costs)).plan
    final, _ = training.fit(CASE.data.joined(), TRAINING)
    graph = laq.integer_graph(laq.fine_tune(final, plan, CASE.data.joined(), TUNING))
    assert found.heard == tuple(laq.classify(graph, CASE.test.features).tolist())
    assert (found.plan, found.validation, found.float_validation) == (laq.format_plan(plan), None, None)


def test_costs_of_another_unit_bound_a_search() -> None:
    # Instructions that only the widest takes more of leave everything else to the bytes.
    table = tuple({width: 9 if str(width) == "8" else 1 for width in laq.WIDTHS} for _ in range(2))
    found = learned(CASE, Trial("budget", (8,), limit=2, costs=laq.Costs("instructions", table)))
    assert "8" not in found.plan


def test_poisoned_test_labels_change_the_test_figures_alone() -> None:
    once = learned(CASE, SEARCHED)
    poison = Examples(CASE.test.features, (CASE.test.labels + 1) % 3)
    poisoned = learned(dataclasses.replace(CASE, test=poison), SEARCHED)
    assert poisoned.test != once.test
    assert poisoned.heard == once.heard
    assert dataclasses.replace(poisoned, test=once.test, float_test=once.float_test) == once


def test_a_search_keeps_to_its_bytes_and_gives_the_strategy_s_plan() -> None:
    found = learned(CASE, SEARCHED)
    model, _ = training.fit(CASE.data, TRAINING)
    ranking = laq.importance(model)
    costs = laq.byte_costs(model.shape, layer_bytes)
    budget = laq.Budget(150, costs)
    assert found.plan == laq.format_plan(
        laq.allocate(model, CASE.data, ranking, bytes=costs, budget=budget).plan
    )
    assert found.bytes <= 150


def test_learning_has_one_thread_of_numpy_whatever_there_is_outside(
    monkeypatch: pytest.MonkeyPatch, once: Outcome
) -> None:
    def threads() -> set[int]:
        return {library["num_threads"] for library in threadpool_info()}

    seen = []
    fit, fine_tune, evaluate = training.fit, laq.fine_tune, training.evaluate

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            seen.append(threads())
            return function(*arguments)

        return call

    monkeypatch.setattr(training, "fit", watched(fit))
    monkeypatch.setattr(laq, "fine_tune", watched(fine_tune))
    monkeypatch.setattr(training, "evaluate", watched(evaluate))
    with threadpool_limits(limits=2):
        assert learned(CASE) == once
        assert threads() == {2}
    assert seen == [{1}] * 4


def test_another_version_of_the_code_is_refused() -> None:
    with pytest.raises(SertoolError, match="another sertool"):
        learn(CASE, JUDGED, [GIVEN], "of another version")
