"""Learning a point: the same everywhere, and test clips are looked at and nothing else."""

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
from sertool.experiments.sweep.keys import learning_digest
from sertool.experiments.sweep.learning import Learned, learn, train
from sertool.experiments.sweep.plans import Wanted, parse
from sertool.firmware.pack import layer_bytes
from sertool.laq import ImportanceConfig
from sertool.material import Case
from sertool.training import Examples, FineTuningConfig, TrainingConfig

CASE = Case(0, 0, training_data(), examples(30, 5))
TRAINING, TUNING = TrainingConfig(hidden=(8,), epochs=4), FineTuningConfig(epochs=3)
#: Widths given, and a search: 8 rows of 12 codes and 3 of 8 take 12 to 120 bytes, scales and biases 88.
GIVEN, SEARCHED = (parse(text, 0.005, ImportanceConfig()) for text in ("1,ternary", "laq:150"))


def learned(case: Case, wanted: Wanted = GIVEN) -> Learned:
    code = learning_digest()
    return learn(case, train(case, TRAINING, code), wanted, TUNING, code)


@pytest.fixture(scope="module")
def once() -> Learned:
    return learned(CASE)


def test_a_point_is_what_its_parts_give(once: Learned) -> None:
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
        assert np.array_equal(found.confusion, expected.confusion)


def test_poisoned_test_labels_change_the_test_figures_alone() -> None:
    once = learned(CASE, SEARCHED)
    poison = Examples(CASE.test.features, (CASE.test.labels + 1) % 3)
    poisoned = learned(dataclasses.replace(CASE, test=poison), SEARCHED)
    assert poisoned.test != once.test
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
    monkeypatch: pytest.MonkeyPatch, once: Learned
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
        train(CASE, TRAINING, "of another version")
