"""Accuracy and intervals against hand-worked values and published tables."""

from __future__ import annotations

import numpy as np
import pytest

from sertool.errors import SertoolError
from sertool.intervals import standard_error, student, student_quantile, wilson
from sertool.training import accuracy

TRUTH = np.array([0, 0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 0, 1, 1, 0, 2])


def test_accuracies_and_confusion() -> None:
    result = accuracy(TRUTH, PREDICTED, ("a", "b", "c"))
    assert result.confusion.tolist() == [[3, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert result.clips == 7
    assert result.weighted == 5 / 7
    assert result.unweighted == pytest.approx((0.75 + 0.5 + 1) / 3)


def test_a_class_that_does_not_occur_has_no_recall() -> None:
    assert accuracy(np.array([0, 0]), np.array([0, 2]), ("a", "b", "c")).unweighted == 0.5


def test_to_dict_holds_what_a_report_needs() -> None:
    values = accuracy(TRUTH, PREDICTED, ("a", "b", "c")).to_dict()
    assert values["clips"] == 7
    assert values["confusion"] == [[3, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert values["weighted_low"] < values["weighted"] < values["weighted_high"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("truth", "predicted"), [(np.array([], int), np.array([], int)), (np.array([0]), np.array([0, 1]))]
)
def test_nothing_to_compare(truth: np.ndarray, predicted: np.ndarray) -> None:
    with pytest.raises(SertoolError, match="cannot compare"):
        accuracy(truth, predicted, ("a", "b"))


def test_wilson_of_41_in_54() -> None:
    interval = wilson(41, 54)
    assert interval.mean == 41 / 54
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.6305, 0.8536)


def test_wilson_stays_a_fraction() -> None:
    assert wilson(0, 10).low == 0.0
    assert 0.999 < wilson(10, 10).high <= 1.0


@pytest.mark.parametrize(("right", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_no_fraction(right: int, total: int) -> None:
    with pytest.raises(SertoolError, match="is no fraction"):
        wilson(right, total)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.7062), (2, 4.3027), (4, 2.7764), (9, 2.2622), (30, 2.0423), (1000, 1.9623)]
)
def test_student_quantiles_of_the_table(freedom: int, quantile: float) -> None:
    assert round(student_quantile(freedom), 4) == quantile


def test_student_interval_of_five_seeds() -> None:
    interval = student([0.70, 0.72, 0.74, 0.76, 0.78])
    spread = 2.7764451 * np.std([0.70, 0.72, 0.74, 0.76, 0.78], ddof=1) / np.sqrt(5)
    assert interval.mean == pytest.approx(0.74)
    assert interval.high - interval.mean == pytest.approx(spread, abs=1e-8)
    assert interval.mean - interval.low == pytest.approx(spread, abs=1e-8)


def test_one_value_has_no_width_and_none_no_mean() -> None:
    assert student([0.5]).low == student([0.5]).high == 0.5
    with pytest.raises(SertoolError, match="no values"):
        student([])


def test_the_standard_error_is_found_again_in_the_interval() -> None:
    values = [0.70, 0.72, 0.74, 0.76, 0.78]
    interval = student(values)
    expected = np.std(values, ddof=1) / np.sqrt(5)
    assert standard_error(interval.low, interval.high, 5) == pytest.approx(expected, abs=1e-12)
    assert standard_error(0.5, 0.5, 1) == 0.0
