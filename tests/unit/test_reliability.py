"""Expected calibration error by its definition, at the borders of its bins."""

from __future__ import annotations

import numpy as np
import pytest

from sertool.reliability import BINS, WHOLE, reliability


def by_definition(confidences: list[int], right: list[bool]) -> float:
    """Guo et al. (2017), equation 3, of bins ((m - 1) / M, m / M]; 0 lies in the first."""
    error = 0.0
    for m in range(1, BINS + 1):
        inside = [
            (p / WHOLE, good)
            for p, good in zip(confidences, right, strict=True)
            if (m - 1) * WHOLE < p * BINS <= m * WHOLE or (p == 0 and m == 1)
        ]
        if inside:
            said, truth = zip(*inside, strict=True)
            error += abs(sum(said) - sum(truth)) / len(confidences)
    return error


def test_it_is_what_the_definition_says() -> None:
    rng = np.random.default_rng(0)
    for count in (1, 2, 300):
        confidences = [*rng.integers(0, WHOLE + 1, count - 1).tolist(), WHOLE]
        right = rng.integers(0, 2, count).astype(bool).tolist()
        found = reliability(confidences, right)
        assert found.error == pytest.approx(by_definition(confidences, right))
        assert sum(each.answers for each in found.bins) == count


def test_every_probability_has_a_bin_and_a_border_lies_in_the_lower() -> None:
    assert [each.answers for each in reliability(range(WHOLE + 1), [True] * 257).bins] == [
        sum(1 for p in range(257) if max(1, -(-p * BINS // WHOLE)) == m) for m in range(1, BINS + 1)
    ]
    # 256 / 15 is no integer: only 0 and 256 are borders.
    assert reliability([0, 17, 18, 256], [False, False, True, True]).bins[0].answers == 2


def test_who_is_as_often_right_as_said_has_no_error() -> None:
    assert reliability([192] * 4, [True, True, True, False]).error == 0
    assert reliability([256, 0], [True, False]).error == 0
    assert reliability([256, 0], [False, True]).error == 1
