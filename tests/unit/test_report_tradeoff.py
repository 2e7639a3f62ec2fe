"""Size against accuracy: the front, the advice, the picture, the page, and the files behind them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_example import example as report_example
from tradeoff_example import example, rows

from sertool import laq
from sertool.errors import SertoolError
from sertool.experiments import results
from sertool.experiments.store import Store
from sertool.experiments.sweep.row import Row, Score
from sertool.graph import TensorScale, Width
from sertool.report import (
    Estimate,
    Report,
    Tradeoff,
    TradeoffPoint,
    render_html,
    render_tradeoff_html,
    write_tradeoffs,
)
from sertool.report.drawing import histogram, pareto
from sertool.report.model import Histogram
from sertool.report.tradeoff import advised
from sertool.report.tradeoff_page import advice
from sertool.stages.report import histogram as count
from sertool.stages.tradeoff import sweep_tradeoff, with_front, write_comparison
from sertool.training import DenseLayer


def point(accuracy: float, size: int, **more: Any) -> TradeoffPoint:
    return TradeoffPoint("laq", "4-2", "8", size, Estimate(accuracy, accuracy, accuracy), 0.9, **more)


def tradeoff(*points: TradeoffPoint) -> Tradeoff:
    return Tradeoff("emodb", "random10", "moments", "test", "10 seeds", points)


def marked(*points: TradeoffPoint) -> list[bool]:
    return [each.front for each in with_front(tradeoff(*points)).points]


def test_front_by_bytes_and_accuracy() -> None:
    assert marked(point(0.8, 100), point(0.8, 90), point(0.9, 200), point(0.7, 95)) == [
        False,
        True,
        True,
        False,
    ]


def test_front_counts_instructions_and_flash_where_all_points_have_them() -> None:
    dear, cheap = point(0.8, 90, instructions=500), point(0.8, 100, instructions=400)
    assert marked(dear, cheap) == [True, True]
    assert marked(dear, replace(cheap, instructions=None)) == [True, False]
    small, large = point(0.8, 100, flash=900, ram=50), point(0.8, 90, flash=1000, ram=50)
    assert marked(small, large) == [True, False]


def test_advice_is_the_smallest_that_is_as_good_as_the_best_and_fits() -> None:
    points = point(0.90, 9000), point(0.896, 4000), point(0.89, 1000)
    assert advised(tradeoff(*points)) == points[1]
    assert advised(tradeoff(*points), 3000) == points[2]
    assert advised(tradeoff(*points), 500) is None
    imaged = [replace(each, flash=each.bytes + 30_000) for each in points]
    assert advised(tradeoff(*imaged), 32_000) == imaged[2]


def test_advice_in_words() -> None:
    text = advice(tradeoff(point(0.9, 9000), point(0.896, 4000)))
    assert text.startswith("Plan 8 on 4-2 (laq) takes 4,000 bytes and reaches 89.6")
    assert "0.4 points below its own float network" in text
    assert "level with its own float network" in advice(tradeoff(point(0.9, 9000)))
    target = replace(report_example().target, flash_bytes=2000)
    assert advice(tradeoff(point(0.9, 9000)), target).endswith(
        "nothing that was tried fits; the smallest, plan 8 on 4-2, takes 9,000 bytes."
    )
    assert advice(tradeoff(point(0.9, 1500)), target).startswith(f"For {target.name} with 2")


def test_what_contradicts_itself_is_refused() -> None:
    for make, message in (
        (lambda: Estimate(0.5, 0.6, 0.7), "lies outside"),
        (lambda: point(0.5, 0), "0 bytes"),
        (lambda: replace(tradeoff(point(0.5, 1)), basis="train"), "test or validation"),
        (lambda: tradeoff(), "without a point"),
        (lambda: Histogram(2.0, (1, 2), (3, 1)), "count other weights"),
    ):
        with pytest.raises(ValueError, match=message):
            make()  # type: ignore[no-untyped-call]


def test_marks_stand_where_they_belong_and_do_not_cover_each_other() -> None:
    for each in example():
        drawn = pareto.plot(each)
        assert [mark.number for mark in drawn.marks] == list(range(1, len(each.points) + 1))
        for mark in drawn.marks:
            assert 0 <= mark.x <= 100
            assert mark.low >= 0 and mark.high >= -1 and mark.high <= mark.y <= mark.low <= pareto.HEIGHT + 1
        for one, other in zip(drawn.marks, drawn.marks[1:], strict=False):
            assert abs(one.x - other.x) > 2.3 or abs(one.y - other.y) >= 19
        assert {method for family in drawn.families for method in family} == {p.method for p in each.points}


def test_larger_accuracy_is_higher_and_more_bytes_further_right() -> None:
    low, high = pareto.plot(tradeoff(point(0.7, 1000), point(0.8, 8000))).marks
    assert low.y > high.y and low.x < high.x
    assert low.radius == high.radius
    few, many = pareto.plot(
        tradeoff(point(0.7, 1000, instructions=10), point(0.8, 8000, instructions=90))
    ).marks
    assert few.radius < many.radius


def test_the_steps_climb_from_small_to_accurate() -> None:
    drawn = pareto.plot(tradeoff(point(0.7, 1000), point(0.8, 4000), point(0.75, 8000)))
    assert drawn.steps.count("M") == 1 and drawn.steps.count("H") == 1


def test_one_point_makes_a_picture() -> None:
    (mark,) = pareto.plot(tradeoff(point(1.0, 1000))).marks
    assert 0 < mark.x < 100


def test_the_page_shows_every_point_and_reaches_for_nothing() -> None:
    html = render_tradeoff_html(example())
    assert html.count("<tr><td") == sum(len(each.points) for each in example())
    assert "default-src 'none'" in html
    assert not re.findall(r'(?:src|href)="(?!#|data:)', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    hostile = replace(tradeoff(replace(point(0.5, 9), method="<script>")), corpus="<b>")
    assert "<script>alert" not in render_tradeoff_html([hostile]) and "<b>" not in render_tradeoff_html(
        [hostile]
    )


def test_the_report_has_the_chapter_and_its_json_survives() -> None:
    report = replace(report_example(), tradeoff=example()[0])
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again == report
    html = render_html(report)
    assert f"For {report.target.name} with" in html
    assert "sertool sweep" in render_html(report_example())


def test_both_files_are_written_and_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    page, data = write_tradeoffs(example(), tmp_path)
    first = page.read_bytes(), data.read_bytes()
    write_tradeoffs(example(), tmp_path)
    assert (page.read_bytes(), data.read_bytes()) == first
    kept = json.loads(data.read_text())
    assert kept["format"] == 1
    assert len(kept["tradeoffs"][0]["points"]) == 15


def test_results_become_a_page(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(results.dump(rows(), []))
    page, _ = write_comparison(path, tmp_path / "report")
    assert "savee, random10" in page.read_text()
    path.write_text("{}")
    with pytest.raises(SertoolError, match="these are no results"):
        write_comparison(path, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def row(seed: int, right: int, plan: str = "1,8", flash: int | None = 30_000) -> Row:
    score = Score(((right, 10 - right), (0, 10)))
    return Row(
        "emodb", "random10", 0, "moments", (360, 8, 2), plan, plan, "given", seed, ("a", "b"),
        score, score, score, score, 500, "stm32f405", flash, 9000, 4000,
    )  # fmt: skip


def test_a_sweep_becomes_a_chapter_of_means_over_seeds(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        store.select(["a", "b", "c"])
        for key, each in (("a", row(0, 6)), ("b", row(1, 8)), ("c", row(0, 9, "8,8", None))):
            store.put(key, each, "device")
    made = sweep_tradeoff(path)
    assert (made.basis, made.runs, len(made.points)) == ("validation", "2 seeds", 2)
    assert made.points[0].accuracy.mean == pytest.approx(0.85)
    assert (made.points[0].flash, made.points[1].flash) == (30_000, None)
    with Store.open(path) as store:
        store.select(["absent"])
    with pytest.raises(SertoolError, match="no finished row"):
        sweep_tradeoff(path)


def test_histograms_count_weights_in_steps_and_codes_on_one_axis() -> None:
    weights = np.array([[0.5, -0.5, 0.2, 4.0]], np.float32)
    layer = DenseLayer("dense1", weights, np.zeros(1, np.float32), True)
    quantized = laq.QuantizedLayer(
        "dense1", np.array([[1, -1, 1, 1]], np.int8), np.array([0.5], np.float32), layer.bias,
        TensorScale(0.1, 0), True, Width(1),
    )  # fmt: skip
    found = count(layer, quantized)
    assert found.span == 2.0
    assert sum(found.before) == sum(found.after) == 4
    assert max(found.after) == 3
    # What lies beyond the axis is counted at its end.
    assert found.before[-1] == 1
    drawn = histogram.bars(found)
    assert drawn is not None and drawn.after.count("M") == 2
    assert histogram.bars(None) is None
