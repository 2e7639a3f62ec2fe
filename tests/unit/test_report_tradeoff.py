"""Size against accuracy: the value, its JSON, the advice, and the pages that show it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_example import bare
from report_example import example as report_example
from tradeoff_example import example, point, tradeoff

from sertool.errors import SertoolError
from sertool.report import (
    Comparison,
    Estimate,
    Report,
    Tradeoff,
    TradeoffPoint,
    render_comparison_html,
    render_comparison_json,
    render_html,
    render_json,
    write_comparison,
)
from sertool.report.advice import Room, advise
from sertool.report.tradeoff_page import runs

ALIKE = Estimate(0.0, 0.0, 0.0)
HOSTILE = '<script>alert("x")</script>'


class Cells(HTMLParser):
    """Counts the cells of every row of every table, and collects all text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[int]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(0)
        elif tag in ("td", "th"):
            self.tables[-1][-1] += 1

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def with_sweep(*points: TradeoffPoint) -> Report:
    return replace(report_example(), tradeoff=replace(tradeoff(*points), basis="validation"))


def test_advice_is_the_smallest_that_is_as_good_as_the_best() -> None:
    points = point(0.90, 9000), point(0.896, 4000), point(0.894, 3000), point(0.8, 1000)
    assert advise(tradeoff(*points)).point is points[1]
    # Exactly half a point is as good, whatever floating point makes of it.
    assert advise(tradeoff(point(0.9, 9000), point(0.895, 4000))).point == point(0.895, 4000)
    # One standard error of the best is what its ten seeds allow: 2 points here, for an interval of 9 points.
    noisy = replace(point(0.9, 9000), accuracy=Estimate(0.9, 0.855, 0.945))
    assert advise(tradeoff(noisy, point(0.881, 4000), point(0.879, 3000))).point == point(0.881, 4000)
    assert advise(tradeoff(replace(noisy, seeds=1), point(0.881, 4000))).point == replace(noisy, seeds=1)
    # Of two that take the same, the better one.
    assert advise(tradeoff(point(0.897, 4000), point(0.9, 4000))).point == point(0.9, 4000)


def test_advice_keeps_to_what_the_board_has() -> None:
    large = point(0.90, 9000, flash=40_000, ram=9_000)
    small = point(0.85, 4000, flash=35_000, ram=8_000)
    data = tradeoff(large, small)
    assert advise(data, Room("board", 40_000, 9_000)).point is large
    assert advise(data, Room("board", 39_999, 9_000)).point is small
    assert advise(data, Room("board", 40_000, 8_999)).point is small


def test_only_a_measured_image_can_be_known_to_fit() -> None:
    unknown = point(0.95, 100)
    measured = point(0.85, 4000, flash=35_000)
    assert advise(tradeoff(unknown, measured), Room("board", 40_000, 9_000)).point is measured
    advice = advise(tradeoff(unknown), Room("board", 40_000, 9_000))
    assert advice.point is unknown
    assert "No image was measured" in advice.caution
    assert "No image" not in advise(tradeoff(measured), Room("board", 40_000, 9_000)).caution


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (
            Room("board", 34_816, 9_000),
            "For board with 34 KiB of flash: nothing that was tried fits; what needs least, plan 8 on 4-2 "
            "(laq), takes 35,000 bytes of flash.",
        ),
        (
            Room("board", 36_864, 1_024),
            "For board with 36 KiB of flash and 1 KiB of RAM: nothing that was tried fits; what needs least, "
            "plan 8 on 4-2 (laq), takes 8,000 bytes of RAM.",
        ),
    ],
)
def test_where_nothing_fits_the_advice_says_what_would_need_least(room: Room, told: str) -> None:
    data = tradeoff(point(0.9, 9000, flash=40_000, ram=7_000), point(0.85, 4000, flash=35_000, ram=8_000))
    advice = advise(data, room)
    assert (advice.point, advice.caution) == (None, "")
    assert advice.sentence.replace("\u00a0", " ") == told


def test_the_sentence_says_size_accuracy_and_cost() -> None:
    difference = Estimate(-0.004, -0.012, 0.004)
    interval = Estimate(0.896, 0.88, 0.912)
    data = tradeoff(replace(point(0.896, 4000, difference=difference), accuracy=interval), point(0.9, 9000))
    told = advise(data).sentence.replace("\u00a0", " ")
    assert told == (
        "Plan 8 on 4-2 (laq) takes 4,000 bytes and costs 0.4 points (−0.4 to 1.2) against float: 89.6 % (88.0 "
        "to 91.2) on test, where the best that was tried reaches 90.0 % (90.0 to 90.0) in 9,000 bytes."
    )
    told = advise(data, Room("stm32f405", 65_536, 9_000)).sentence.replace("\u00a0", " ")
    assert told.startswith(
        "For stm32f405 with 64 KiB of flash: plan 8 on 4-2 (laq) takes 4,000 bytes and costs"
    )
    assert "where the best that was tried and fits reaches" in told
    data = tradeoff(replace(point(0.92, 4000), seeds=1, difference=Estimate(0.02, 0.02, 0.02)))
    told = advise(data).sentence.replace("\u00a0", " ")
    assert told.endswith("and gains 2.0 points against float: 92.0 % on test, the best that was tried.")
    assert "costs 0.0 points against float" in advise(tradeoff(replace(point(0.9, 10), seeds=1))).sentence


def test_the_caution_says_what_the_figure_was_chosen_by() -> None:
    assert "figures shown, which are of test clips" in advise(tradeoff(point(0.9, 9))).caution
    validation = replace(tradeoff(point(0.9, 9)), basis="validation")
    assert "on validation, by the very figures shown" in advise(validation).caution
    same = Estimate(0.85, 0.8, 0.9)
    tested = replace(validation, points=(point(0.9, 9, test=same, test_difference=Estimate(-0.01, -0.02, 0)),))
    told = advise(tested).caution.replace("\u00a0", " ")
    assert told.endswith(
        "by which nothing was chosen, it reaches 85.0 % (80.0 to 90.0) and costs 1.0 points "
        "(0.0 to 2.0) against float."
    )


@pytest.mark.parametrize(
    ("changes", "protocol", "told"),
    [
        ([(10, 1), (10, 1)], "random10", "10\u00a0seeds"),
        ([(1, 1)], "random10", "1\u00a0seed"),
        ([(3, 1)], "speaker", "3\u00a0seeds of one fold"),
        ([(1, 10)], "speaker", "10\u00a0folds"),
        ([(2, 10)], "speaker", "10\u00a0folds, each the mean of 2\u00a0seeds"),
        ([(3, 1), (2, 1)], "random10", "the runs that the table counts"),
    ],
)
def test_runs_are_told_as_they_were(changes: list[tuple[int, int]], protocol: str, told: str) -> None:
    points = tuple(replace(point(0.9, 9), seeds=seeds, folds=folds) for seeds, folds in changes)
    assert runs(replace(tradeoff(*points), protocol=protocol)) == told


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Estimate(0.5, 0.6, 0.7), "lies outside"),
        (lambda: Estimate(float("nan"), 0, 1), "lies outside"),
        (lambda: Estimate(75.9, 70, 80), "no fraction"),
        (lambda: Estimate(0.5, 0.4, float("inf")), "has no end"),
        (lambda: point(-0.1, 9), "where 0 to 1 is possible"),
        (lambda: point(0.5, 9, unweighted=1.2), "where 0 to 1 is possible"),
        (
            lambda: point(0.5, 9, test=Estimate(-0.2, -0.3, 0), test_difference=ALIKE),
            "where 0 to 1 is possible",
        ),
        (lambda: replace(point(0.5, 9), float_accuracy=86.1), "where 0 to 1 is possible"),
        (lambda: point(0.5, 0), "bytes = 0"),
        (lambda: point(0.5, 9, flash=-1), "flash = -1"),
        (lambda: replace(point(0.5, 9), seeds=0), "seeds = 0"),
        (lambda: point(0.5, 9, test=Estimate(0.5, 0.5, 0.5)), "without its difference"),
        (lambda: replace(point(0.5, 9), plan="9"), "unsupported width"),
        (lambda: replace(point(0.5, 9), plan="1,8"), "is not one of a network 4-2"),
        (lambda: replace(tradeoff(point(0.5, 1)), basis="train"), "test or validation"),
        (lambda: tradeoff(), "without a point"),
        (lambda: Comparison(()), "without a trade-off"),
        (lambda: replace(report_example(), max_flash=2**30), "bytes of flash, where"),
    ],
)
def test_what_contradicts_itself_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_the_front_counts_what_was_measured_of_all_points() -> None:
    assert tradeoff(point(0.5, 9)).costs == ("bytes",)
    whole = point(0.5, 9, flash=99, ram=5, instructions=7)
    assert tradeoff(whole).costs == ("flash", "ram", "instructions")
    assert tradeoff(whole, replace(whole, flash=None)).costs == ("bytes", "ram", "instructions")


def test_the_page_shows_every_point_and_reaches_for_nothing() -> None:
    html = render_comparison_html(example())
    cells = Cells(html)
    count = [len(each.points) for each in example().tradeoffs]
    assert [len(rows) - 1 for rows in cells.tables] == [len(count), *count]
    assert all(len(set(rows)) == 1 for rows in cells.tables)
    assert "default-src 'none'" in html
    assert not re.findall(r'(?:src|href)="(?!#|data:)', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    references = re.findall(r'aria-labelledby="([^"]+)"', html)
    assert {name for each in references for name in each.split()} <= set(ids)


def test_two_trade_offs_of_the_same_name_stay_apart() -> None:
    one = tradeoff(point(0.5, 9))
    html = render_comparison_html(Comparison((one, replace(one, descriptors="laq180"))))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_hostile_names_stay_text() -> None:
    named = replace(point(0.5, 9), method=HOSTILE)
    hostile = replace(tradeoff(named), corpus=HOSTILE, descriptors=HOSTILE, manifests=(HOSTILE,))
    html = render_comparison_html(Comparison((hostile,)))
    assert html.count("<script>") == 1
    assert HOSTILE in Cells(html).text


def test_the_table_has_what_was_measured_and_a_dash_for_what_was_not() -> None:
    test = Estimate(0.85, 0.8, 0.9)
    whole = point(
        0.9, 9, flash=30_000, ram=9_000, instructions=4_000, test=test, test_difference=Estimate(0, 0, 0)
    )
    less = replace(whole, instructions=None, test=None, test_difference=None, seeds=3)
    cells = Cells(render_html(with_sweep(whole, less)))
    (rows,) = (rows for rows in cells.tables if len(rows) == 3 and rows[0] == 13)
    assert rows == [13, 13, 13]
    for heading in ("flash", "RAM", "instructions", "runs", "on test"):
        assert heading in cells.texts
    assert "30,000" in cells.text and "85.0" in cells.text
    plain = Cells(render_html(with_sweep(point(0.9, 9))))
    assert "on test" not in plain.texts


def test_many_points_stand_behind_a_fold_and_the_front_before_it() -> None:
    points = [point(0.5 + index / 1000, 100 + index, front=index > 47) for index in range(50)]
    html = render_html(with_sweep(*points))
    assert "All 50\u00a0networks" in html
    assert [len(rows) - 1 for rows in Cells(html).tables if rows[0] == 7 and len(rows) != 7] == [2, 50]


def test_the_report_has_the_chapter_and_its_json_survives() -> None:
    report = replace(report_example(), tradeoff=example().tradeoffs[0])
    again = Report.from_dict(json.loads(render_json(report)))
    assert again == report
    assert again.headline.advice is not None
    assert again.headline.advice.startswith(f"For {report.target.name} with 1\u00a0MiB of flash: plan")
    assert f"<strong>{again.headline.advice}</strong>" in render_html(report)
    assert bare().headline.advice is None
    assert "not measured: run sertool sweep" in Cells(render_html(bare())).text


def test_accuracies_on_synthetic_sounds_are_called_so() -> None:
    report = with_sweep(point(0.9, 9))
    assert report.corpus and report.tradeoff
    told = "These accuracies are of sounds that sertool made itself"
    assert told not in render_html(report)
    synthetic = replace(report, corpus=replace(report.corpus, synthetic=True))
    assert told in render_html(synthetic)
    assert told not in render_html(replace(synthetic, tradeoff=replace(report.tradeoff, corpus="savee")))


def test_a_smaller_flash_is_what_the_advice_counts_on() -> None:
    report = with_sweep(point(0.9, 9, flash=70_000, ram=1), point(0.8, 5, flash=60_000, ram=1))
    assert report.advice and report.advice.point == report.tradeoff.points[0]  # type: ignore[union-attr]
    limited = replace(report, max_flash=65_536)
    assert limited.advice and limited.advice.point == report.tradeoff.points[1]  # type: ignore[union-attr]
    assert f"For {report.target.name} with 64\u00a0KiB" in render_html(limited)
    assert Report.from_dict(json.loads(render_json(limited))) == limited


def test_both_files_are_written_and_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    page, data = write_comparison(example(), tmp_path)
    assert page.read_text() == render_comparison_html(example())
    assert data.read_text() == render_comparison_json(example())
    kept = json.loads(data.read_text())
    assert list(kept) == ["format", "headline", "tradeoffs"]
    assert len(kept["headline"]) == 8
    assert Comparison.from_dict(kept) == example()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "tradeoff.html", "tradeoff.json"]


def change(data: Any, path: str, value: object) -> None:
    *keys, last = path.split(".")
    for key in keys:
        data = data[int(key)] if isinstance(data, list) else data[key]
    data[last] = value


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("format", 2, "format 2, of a newer sertool"),
        ("tradeoffs", [], "without a trade-off"),
        ("colour", "red", "unknown key 'colour'"),
        ("tradeoffs.0.basis", "train", "test or validation"),
        ("tradeoffs.0.points", [], "without a point"),
        ("tradeoffs.0.points.3.bytes", "many", "where: comparison.tradeoffs[0].points[3].bytes"),
        ("tradeoffs.0.points.3.accuracy.low", 2.0, "lies outside"),
        ("tradeoffs.0.points.3.plan", "1,1", "is not one of a network"),
        ("tradeoffs.0.points.3.flash", 0.5, "tradeoffs[0].points[3].flash = 0.5"),
    ],
)
def test_a_damaged_comparison_is_refused_by_key(path: str, value: object, named: str) -> None:
    data = copy.deepcopy(json.loads(render_comparison_json(example())))
    change(data, path, value)
    with pytest.raises(SertoolError) as caught:
        Comparison.from_dict(data)
    assert named in str(caught.value)
    assert isinstance(example().tradeoffs[0], Tradeoff)
