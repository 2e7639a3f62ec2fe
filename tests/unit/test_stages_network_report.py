"""Histograms of weights: in steps of their channel, beside the codes that they became."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike

from sertool import laq
from sertool.graph import TensorScale, Width
from sertool.report.drawing import histogram
from sertool.report.report import Histogram
from sertool.stages.network_report import histogram as count
from sertool.training import DenseLayer

WIDTHS = ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")


def counted(width: str, weights: ArrayLike, codes: ArrayLike, scales: ArrayLike) -> Histogram:
    before, after = np.array(weights, np.float32), np.array(codes, np.int8)
    bias = np.zeros(len(after), np.float32)
    layer = DenseLayer("dense1", before, bias, True)
    quantized = laq.QuantizedLayer(
        "dense1", after, np.array(scales, np.float32), bias, TensorScale(0.1, 0), True, Width.parse(width)
    )
    return count(layer, quantized)


def test_weights_are_counted_in_steps_of_their_channel() -> None:
    found = counted("1", [[0.5, -0.5], [2.0, -2.0]], [[1, -1], [1, -1]], [0.5, 2.0])
    assert found.before == found.after
    assert sorted(found.after)[-2:] == [2, 2]
    assert found.span == pytest.approx(4, abs=0.1)


def test_what_lies_beyond_the_axis_is_counted_at_its_end() -> None:
    found = counted("1", [[9.0, -9.0, 0.0]], [[1, -1, 1]], [0.5])
    assert (found.before[0], found.before[-1]) == (1, 1)
    assert found.before[len(found.before) // 2] == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_codes_that_are_equally_frequent_make_bars_of_equal_height(width: str) -> None:
    largest = Width.parse(width).largest_code
    codes = [code for code in range(-largest, largest + 1) if code or width != "1"]
    found = counted(width, [[0.0] * len(codes)], [codes], [1.0])
    assert len(found.after) == len(found.before) <= 65
    held = [height for height in found.after if height]
    # Only the outermost bins may hold fewer codes, where the bins do not divide them.
    assert len(set(held[1:-1])) <= 1
    assert max(held) == max(held[1:-1] or held)
    assert sum(found.after) == len(codes)
    assert found.after == found.after[::-1]


def test_histograms_are_drawn_as_bars() -> None:
    drawn = histogram.bars(Histogram(2.0, (0, 1, 2), (1, 0, 2)))
    assert drawn is not None
    assert (drawn.width, drawn.before.count("M"), drawn.after) == (3, 2, "M0 24V12.00h1V24ZM2 24V0.00h1V24Z")
    assert histogram.bars(None) is None


def test_histograms_of_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="count other weights"):
        Histogram(2.0, (1, 2), (3, 1))
    with pytest.raises(ValueError, match="count other weights"):
        Histogram(2.0, (1, 2), (3,))
