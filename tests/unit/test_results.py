"""Rows of accuracy, their intervals, and the file that keeps them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.experiments import Experiment, Row, Trial, results, row, versus
from sertool.experiments.outcomes import Score

EXPERIMENT = Experiment(seeds=(0, 1))
TRIAL = Trial("laq", (4,), 2000)


def outcome(seed: int, fold: int, real: int, quantized: int, plan: str = "1,8", size: int = 1234) -> Row:
    """Ten clips of one class, so many of them right."""

    def scored(right: int) -> Score:
        return Score(((right, 10 - right), (0, 0)))

    return Row(
        corpus="emodb",
        protocol="random10",
        fold=fold,
        preset="moments",
        wanted="laq:2000",
        method="laq",
        seed=seed,
        labels=("a", "b"),
        shape=(360, 4, 2),
        plan=plan,
        bytes=size,
        float_test=scored(real),
        test=scored(quantized),
        heard=(0,) * quantized + (1,) * (10 - quantized),
    )


def test_row_over_seeds() -> None:
    made = row("emodb", EXPERIMENT, TRIAL, [outcome(0, 0, 8, 7), outcome(1, 0, 9, 9)])
    assert made["wa_mean"] == 80.0
    assert made["wa_values"] == [70.0, 90.0]
    assert made["float_wa_mean"] == 85.0
    assert made["difference_mean"] == -5.0
    assert (made["seeds"], made["folds"], made["test_clips"], made["bytes"]) == (2, 1, 20, 1234)
    # Two values 10 points to either side: t(0.975, 1) * 10.
    assert made["wa_high"] - made["wa_mean"] == pytest.approx(127.06, abs=0.01)
    assert (made["shape"], made["plan"], made["limit"]) == ("360-4-2", "1,8", 2000)
    assert json.loads(json.dumps(made)) == made


def test_plans_that_differ_are_counted_and_the_largest_size_is_told() -> None:
    found = [outcome(0, 0, 8, 7), outcome(1, 0, 9, 9, "3,8", 1500), outcome(2, 0, 9, 9, "3,8", 1500)]
    made = row("emodb", EXPERIMENT, TRIAL, found)
    assert (made["plan"], made["plans"], made["bytes"]) == ("3,8", {"1,8": 1, "3,8": 2}, 1500)


def test_row_by_speaker_is_over_folds() -> None:
    experiment = dataclasses.replace(EXPERIMENT, protocol="speaker")
    outcomes = [outcome(seed, fold, 8, 6 + fold + 2 * seed) for seed in (0, 1) for fold in (0, 1)]
    made = row("emodb", experiment, TRIAL, outcomes)
    assert (made["seeds"], made["folds"]) == (2, 2)
    assert made["wa_values"] == [70.0, 80.0]
    assert made["wa_high"] - made["wa_mean"] == pytest.approx(12.706 * 5, abs=0.01)


def test_versus_pairs_seed_by_seed() -> None:
    first = row("emodb", EXPERIMENT, TRIAL, [outcome(0, 0, 8, 7), outcome(1, 0, 9, 9)])
    second = row("emodb", EXPERIMENT, TRIAL, [outcome(0, 0, 8, 6), outcome(1, 0, 9, 8)])
    found = versus(first, second)
    assert found is not None
    assert (found.mean, found.low, found.high) == (10.0, 10.0, 10.0)
    assert versus(first, {**second, "corpus": "savee"}) is None
    assert versus(first, {**second, "seeds": 3}) is None


@pytest.fixture
def good() -> dict[str, Any]:
    return {**row("emodb", EXPERIMENT, TRIAL, [outcome(0, 0, 8, 7), outcome(1, 0, 9, 9)]), "manifest": "ab"}


def test_rows_survive_their_file(good: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    manifest = {"corpus": "emodb", "seeds": [0, 1]}
    path.write_text(results.dump([good], [manifest]))
    assert results.load(path) == (good,)
    kept = json.loads(path.read_text())["manifests"]
    assert kept == {value_digest(manifest): manifest}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "accuracy.json is damaged"),
        ("[]", "a list has the wrong type"),
        ('{"format": 9, "rows": []}', "format 9, of a newer sertool"),
        ('{"rows": []}', "no format is said"),
        ('{"format": 2, "manifests": {}, "rows": []}', "no row"),
        ('{"format": 2, "manifests": {}, "rows": [3]}', r"rows\[0\] = 3 has the wrong type"),
        ('{"format": 2, "manifests": {"ab": NaN}, "rows": [3]}', "manifests.ab = nan cannot be used"),
    ],
)
def test_what_is_no_results_file(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(text)
    with pytest.raises(SertoolError, match=message):
        results.load(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"cannot read absent\.json") as caught:
        results.load(tmp_path / "absent.json")
    assert caught.value.hint == "make it again: make evidence"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("wa_mean", "80"),
        ("wa_mean", 101),
        ("wa_low", float("nan")),
        ("wa_high", 10**400),
        ("bytes", "7"),
        ("bytes", True),
        ("bytes", 0),
        ("corpus", 3),
        ("corpus", ""),
        ("limit", 1.5),
        ("wa_values", [-1]),
    ],
)
def test_a_row_with_a_wrong_value(good: dict[str, Any], column: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    path.write_text(results.dump([good, {**good, column: value}], []))
    with pytest.raises(SertoolError, match=rf"rows\[1\]\.{column}(\[0\])? = ") as caught:
        results.load(path)
    assert str(caught.value.where).startswith(f"{path}: rows[1].{column}")


def test_a_row_that_lacks_a_column(good: dict[str, Any], tmp_path: Path) -> None:
    del good["ua_mean"]
    path = tmp_path / "accuracy.json"
    path.write_text(results.dump([good], []))
    with pytest.raises(SertoolError, match=r"'rows\[0\].ua_mean' is missing"):
        results.load(path)
