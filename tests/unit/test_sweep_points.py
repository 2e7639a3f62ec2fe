"""A sweep before and after learning: its points, its keys, and what its rows say together."""

from __future__ import annotations

import dataclasses
import statistics
from pathlib import Path

import pytest
from sweep_examples import row
from training_examples import examples, training_data

from sertool.errors import SertoolError
from sertool.experiments.learning import case_digest, row_key
from sertool.experiments.outcomes import Score
from sertool.experiments.sweep.grid import Point, fitting, grid
from sertool.experiments.sweep.plans import parse
from sertool.experiments.sweep.summary import summarize
from sertool.experiments.trials import Recipe, Trial
from sertool.laq import ImportanceConfig
from sertool.material import Case
from sertool.project import SweepConfig, load_project, resolve_project
from sertool.training import FineTuningConfig, TrainingConfig


def wanted(*texts: str) -> list[Trial]:
    return [parse(text, 0.005, ImportanceConfig()) for text in texts]


def test_every_shape_meets_every_plan_once() -> None:
    points = grid(("moments", "laq180"), ((8, 4), (), (8, 4)), wanted("1", "t", "ternary"))
    assert points == tuple(
        Point(preset, Trial("given", hidden, plan=text))
        for preset in ("moments", "laq180")
        for hidden in ((8, 4), ())
        for text in ("1", "ternary")
    )


@pytest.mark.parametrize(
    ("text", "normal", "method", "max_bytes"),
    [
        ("1", "1", "uniform", None),
        (" t ", "ternary", "uniform", None),
        (" 1, t", "1,ternary", "given", None),
        ("laq", "laq", "laq", None),
        ("budget: 010240", "budget:10240", "budget", 10240),
        ("random-order:900", "random-order:900", "random-order", 900),
        ("uniform:900", "uniform:900", "uniform", 900),
    ],
)
def test_ways_to_ask_for_a_plan(text: str, normal: str, method: str, max_bytes: int | None) -> None:
    (found,) = wanted(text)
    assert (found.wanted, found.way, found.limit) == (normal, method, max_bytes)
    assert wanted(found.wanted) == [found]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9", "'9' is no plan"),
        ("", "'' is no plan"),
        ("1,,1", "'1,,1' is no plan"),
        ("lak", "'lak' is no plan"),
        ("lak:100", "'lak:100' is no plan"),
        ("budget", "the strategy budget has no bytes to spend"),
        ("laq:", "the strategy laq has no bytes to spend"),
        ("laq:0", "the strategy laq has 0 bytes to spend"),
        ("laq:10k", "the strategy laq has 10k bytes to spend"),
    ],
)
def test_what_is_no_plan(text: str, message: str) -> None:
    with pytest.raises(SertoolError, match=message) as caught:
        wanted(text)
    assert "budget:10240" in str(caught.value) or f"{text.partition(':')[0]}:10240" in str(caught.value)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("1,1,8", r"too many widths: 3 for 2 layers \(hidden layers 16\)"),
        ("1,8", r"too few widths: logits have none \(hidden layers 8-4\)"),
        ("exhaustive", r"5 layers have 32,768 plans: too many to try them all \(hidden layers 4-4-4-4\)"),
    ],
)
def test_a_plan_that_does_not_fit_a_shape(plan: str, message: str) -> None:
    with pytest.raises(SertoolError, match=message) as caught:
        grid(
            ("moments",), ((16,), (8, 4), (4, 4, 4, 4)) if plan != "1,8" else ((16,), (8, 4)), wanted("1", plan)
        )
    assert caught.value.where == f"plan {plan} in the sweep"
    assert caught.value.hint


def test_networks_that_cannot_be_small_enough_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    points = grid(("laq180",), ((64,), (8,)), wanted("8", "laq:1000"))
    assert fitting(points, 7) == (points[0], points[2], points[3])
    # 64 rows of 6 words and 8 of 2, and 9 bytes an output, the shifts filled up to words.
    assert "laq:1000 with hidden layers 64 takes 2,240 bytes at the least" in caplog.text
    with pytest.raises(SertoolError, match="can be as small") as caught:
        fitting(grid(("laq180",), ((64,), (32,)), wanted("laq:1000")), 7)
    assert caught.value.allowed == "1,152 bytes or more"


def test_what_decides_a_row_decides_its_key() -> None:
    case = Case(0, 0, training_data(), examples(30, 5))
    training, tuning = TrainingConfig(), FineTuningConfig()
    other_test = dataclasses.replace(case, test=examples(30, 6))
    other_fold = dataclasses.replace(case, fold=1)
    one, two, search, narrower = wanted("1", "2", "laq", "laq:999")
    assert case_digest(case) == case_digest(Case(0, 0, training_data(), examples(30, 5)))
    assert len({case_digest(one) for one in (case, other_test, other_fold)}) == 3
    keys = [
        row_key({"corpus": corpus}, data, dataclasses.replace(trial, hidden=hidden), recipe)
        for corpus, data, trial, hidden, recipe in (
            ("emodb", "data", one, (8,), Recipe(training, tuning)),
            ("savee", "data", one, (8,), Recipe(training, tuning)),
            ("emodb", "other", one, (8,), Recipe(training, tuning)),
            ("emodb", "data", two, (8,), Recipe(training, tuning)),
            ("emodb", "data", search, (8,), Recipe(training, tuning)),
            ("emodb", "data", narrower, (8,), Recipe(training, tuning)),
            ("emodb", "data", parse("laq", 0.01, ImportanceConfig()), (8,), Recipe(training, tuning)),
            ("emodb", "data", parse("laq", 0.005, ImportanceConfig(entropy=0)), (8,), Recipe(training, tuning)),
            ("emodb", "data", one, (9,), Recipe(training, tuning)),
            ("emodb", "data", one, (8,), Recipe(dataclasses.replace(training, seed=9), tuning)),
            ("emodb", "data", one, (8,), Recipe(training, dataclasses.replace(tuning, epochs=9))),
            ("emodb", "data", one, (8,), Recipe(training, tuning, judged=True)),
        )
    ]
    assert len(set(keys)) == len(keys)
    wider = Recipe(dataclasses.replace(training, hidden=(99,)), tuning)
    assert row_key({"corpus": "emodb"}, "data", dataclasses.replace(one, hidden=(8,)), wider) == keys[0]


def test_a_point_is_the_mean_of_its_seeds_and_the_front_goes_by_validation_alone() -> None:
    good, bad = Score(((5, 0, 0), (0, 5, 0), (0, 0, 0))), Score(((3, 2, 0), (2, 3, 0), (0, 0, 0)))
    real = {"float_validation": good, "float_test": good}
    rows = (
        row(seed=0, wanted="1", validation=good, test=bad, flash=10, **real),
        row(seed=1, wanted="1", validation=bad, test=bad, flash=10, **real),
        row(seed=0, wanted="8", validation=bad, test=good, flash=10, **real),
        row(seed=1, wanted="8", validation=bad, test=good, flash=10, **real),
        row(seed=0, wanted="4", validation=bad, test=bad, flash=9, **real),
    )
    one, eight, four = summarize(rows)
    assert (one.wanted, one.seeds, one.validation.mean, one.on_front) == ("1", 2, 0.8, True)
    assert one.validation.low < 0.6 < one.validation.high
    assert (eight.test.mean, eight.on_front) == (1.0, False)
    assert (four.seeds, four.on_front) == (1, True)
    assert summarize(rows[::-1]) == (four, eight, one)
    assert statistics.fmean([1.0, 0.6]) == one.validation.mean


def test_seeds_with_different_plans_count_as_their_largest() -> None:
    (point,) = summarize(
        (row(seed=0, plan="1,1", flash=9, bytes=5), row(seed=1, plan="1,8", flash=12, bytes=4))
    )
    assert (point.plans, point.flash, point.bytes) == (("1,1", "1,8"), 12, 5)


def test_without_images_the_front_goes_by_bytes() -> None:
    unmeasured = {"flash": None, "ram": None, "instructions": None}
    small, large = summarize((row(wanted="1", bytes=5, **unmeasured), row(wanted="8", bytes=6, **unmeasured)))
    assert (small.on_front, large.on_front) == (True, False)
    assert small.flash is small.instructions is None
    assert summarize(()) == ()


def test_a_sweep_in_the_project_file(tmp_path: Path) -> None:
    path = tmp_path / "sertool.toml"
    path.write_text('[sweep]\nhidden = [[64, 32], []]\nplans = ["1", "1,8"]\npresets = ["laq180"]\nseeds = 5\n')
    project = resolve_project(load_project(path), seeds=2)
    assert project.sweep == SweepConfig(((64, 32), ()), ("1", "1,8"), ("laq180",), 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hidden = []", "hidden is empty"),
        ("plans = []", "plans is empty"),
        ("hidden = [[0]]", r"hidden = \[0\] cannot be used"),
        ("hidden = [8]", "wrong type"),
        ("seeds = 0", "seeds = 0 cannot be used"),
        ('presets = ["mfcc"]', "no front-end preset named 'mfcc'"),
        ('plan = ["1"]', "unknown key 'plan'"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "sertool.toml"
    path.write_text(f"[sweep]\n{text}\n")
    with pytest.raises(SertoolError, match=message) as caught:
        load_project(path)
    assert str(path) in str(caught.value.where)


def test_seeds_out_of_range_on_the_command_line() -> None:
    with pytest.raises(SertoolError, match="seeds = 0"):
        resolve_project(load_project(), seeds=0)
