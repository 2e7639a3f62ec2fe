"""Trade-offs out of files: results and sweeps, whole, odd and damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sweep_examples import row as sweep_row
from tradeoff_example import point, rows, tradeoff

from sertool.errors import SertoolError
from sertool.experiments import results
from sertool.experiments.outcomes import Row, Score
from sertool.experiments.store import Store
from sertool.report import TradeoffPoint
from sertool.stages.tradeoff import compare, sweep_tradeoff, with_front, write_comparison

HERE = Path("accuracy.json")


def marked(*points: TradeoffPoint) -> list[bool]:
    return [each.front for each in with_front(tradeoff(*points)).points]


def test_front_by_bytes_and_accuracy() -> None:
    points = point(0.8, 100), point(0.8, 90), point(0.9, 200), point(0.7, 95)
    assert marked(*points) == [False, True, True, False]


def test_front_counts_instructions_and_flash_where_all_points_have_them() -> None:
    dear, cheap = point(0.8, 90, instructions=500), point(0.8, 100, instructions=400)
    assert marked(dear, cheap) == [True, True]
    assert marked(dear, replace(cheap, instructions=None)) == [True, False]
    small, large = point(0.8, 100, flash=900, ram=50), point(0.8, 90, flash=1000, ram=50)
    assert marked(small, large) == [True, False]


def test_results_are_gathered_by_corpus_protocol_and_descriptors() -> None:
    given = rows()
    other = {**given[0], "descriptors": "laq180", "method": "uniform"}
    found = compare([*given, other], HERE).tradeoffs
    assert len(found) == 9
    assert (found[0].corpus, found[0].protocol, found[0].basis) == ("emodb", "random10", "test")
    assert found[-1].descriptors == "laq180"
    first = found[0].points[0]
    assert first.accuracy.mean == pytest.approx(given[0]["wa_mean"] / 100)
    assert first.difference and first.difference.low == pytest.approx(given[0]["difference_low"] / 100)
    assert (first.seeds, first.folds, first.plans) == (10, 1, 2)
    assert found[0].manifests == (given[0]["manifest"],)


def test_rows_whose_bytes_are_not_known_are_left_out_and_said(caplog: pytest.LogCaptureFixture) -> None:
    given = rows()
    unknown = {**given[0], "method": "pruning", "bytes": None}
    assert compare([*given, unknown], HERE) == compare(given, HERE)
    assert "left out: emodb, pruning: its bytes of flash are not known" in caplog.text


def test_results_become_a_page(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(results.dump(rows(), []))
    page, data = write_comparison(path, tmp_path / "report")
    assert "savee, random10" in page.read_text()
    assert len(json.loads(data.read_text())["tradeoffs"]) == 8


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"wa_mean": 99.0, "wa_high": 98.0}, "lies outside"),
        ({"wa_mean": float("nan")}, "wa_mean = nan"),
        ({"difference_low": 50.0}, "lies outside"),
        ({"wa_mean": 170.0, "wa_high": 200.0}, "wa_mean = 170.0 cannot be used"),
        ({"wa_high": float("inf")}, "wa_high = inf"),
        ({"ua_mean": -3}, "ua_mean = -3 cannot be used"),
        ({"float_wa_mean": 861}, "float_wa_mean = 861 cannot be used"),
        ({"bytes": 0}, "bytes = 0"),
        ({"seeds": 0}, "seeds = 0"),
        ({"plan": "1,1"}, "is not one of a network"),
        ({"plan": "narrow"}, "unsupported width"),
        ({"plans": {}}, "plans = 0"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    given = rows()
    given[2] |= changes
    path = tmp_path / "accuracy.json"
    path.write_text(results.dump(given, []))
    with pytest.raises(SertoolError) as caught:
        write_comparison(path, tmp_path / "report")
    assert told in caught.value.what
    assert str(caught.value.where).startswith(f"{path}: rows[2]")
    assert caught.value.hint
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: "{}", "no format is said"),
        (lambda text: text[: len(text) // 2], "damaged"),
        (lambda text: "\0\1\2", "damaged"),
        (lambda text: '{"format": 2, "manifests": {}, "rows": []}', "no row"),
        (lambda text: text.replace('"bytes"', '"octets"', 1), "unknown key 'octets'"),
        (lambda text: text.replace('"bytes": ', '"bytes": "many", "bytes": ', 1), "'bytes' stands twice"),
    ],
)
def test_a_damaged_or_foreign_file_is_told(tmp_path: Path, damage: Callable[[str], str], told: str) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(damage(results.dump(rows(), [])))
    with pytest.raises(SertoolError, match=told):
        write_comparison(path, tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"cannot read accuracy\.json"):
        write_comparison(tmp_path / "accuracy.json", tmp_path / "report")


def store(path: Path, *swept: Row) -> Path:
    names = [f"{index}" for index in range(len(swept))]
    with Store.open(path) as opened:
        opened.select(names)
        for name, each in zip(names, swept, strict=True):
            opened.put(name, each, "device")
    return path


def right(validation: int, test: int) -> dict[str, Score]:
    def score(count: int) -> Score:
        return Score(((count, 10 - count), (0, 10)))

    perfect = {"float_validation": score(10), "float_test": score(10)}
    return {"validation": score(validation), "test": score(test), **perfect}


def test_a_sweep_becomes_a_chapter_of_means_over_seeds(tmp_path: Path) -> None:
    common: dict[str, Any] = {"shape": (360, 8, 2), "labels": ("a", "b")}
    made = sweep_tradeoff(
        store(
            tmp_path / "sweep.sqlite",
            sweep_row(**common, plan="1,8", bytes=500, **right(6, 5)),
            sweep_row(**common, plan="1,4", bytes=400, seed=1, flash=None, **right(8, 7)),
            sweep_row(**common, wanted="8", plan="8,8", flash=None, instructions=None, **right(9, 9)),
        )
    )
    assert (made.basis, made.descriptors, len(made.points)) == ("validation", "moments", 2)
    first, second = made.points
    assert (first.seeds, first.plans, first.bytes, first.plan) == (2, 2, 500, "1,8")
    assert first.accuracy.mean == pytest.approx(0.85)
    assert first.difference and first.difference.mean == pytest.approx(-0.15)
    assert first.test and first.test.mean == pytest.approx(0.8)
    assert first.test_difference and first.test_difference.mean == pytest.approx(-0.2)
    assert (first.flash, second.flash, second.instructions) == (30_000, None, None)
    assert (second.seeds, second.accuracy.low, second.accuracy.high) == (1, 0.95, 0.95)


def test_front_ends_of_a_sweep_stay_apart(tmp_path: Path) -> None:
    path = store(tmp_path / "s", sweep_row(), sweep_row(preset="laq180"))
    made = sweep_tradeoff(path)
    assert (made.descriptors, len(made.points)) == ("moments, laq180", 2)


def test_a_sweep_without_a_row_or_of_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="no finished row"):
        sweep_tradeoff(store(tmp_path / "sweep.sqlite"))
    (tmp_path / "other").write_text("no database")
    with pytest.raises(SertoolError, match="damaged or no results file"):
        sweep_tradeoff(tmp_path / "other")
