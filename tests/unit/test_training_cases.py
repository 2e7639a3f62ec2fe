"""Experiments: cases from a corpus, outcomes kept and taken up again, rows with their intervals."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_examples import LABELS, examples, training_data

from sertool import corpora
from sertool.errors import SertoolError
from sertool.experiments import Case, Experiment, Outcome, accuracy, row, run, running
from sertool.experiments.accuracy import outcome_from_dict
from sertool.training import Accuracy, Examples, FineTuningConfig, TrainingConfig

EXPERIMENT = Experiment(training=TrainingConfig(hidden=(4,)), fine_tuning=FineTuningConfig(), plan="1,8")


def outcome(seed: int, fold: int, real: int, quantized: int) -> Outcome:
    """Ten clips of one class, so many of them right."""

    def scored(right: int) -> Accuracy:
        return Accuracy(np.array([[right, 10 - right], [0, 0]]), ("a", "b"))

    return Outcome(seed, fold, scored(real), scored(quantized), 1234)


def case(seed: int = 0) -> Case:
    return Case(seed, 0, training_data(), examples(30, 5))


def test_row_over_seeds() -> None:
    made = row("emodb", EXPERIMENT, [outcome(0, 0, 8, 7), outcome(1, 0, 9, 9)])
    assert made["wa_mean"] == 80.0
    assert made["float_wa_mean"] == 85.0
    assert made["difference_mean"] == -5.0
    assert (made["seeds"], made["folds"], made["test_clips"], made["bytes"]) == (2, 1, 20, 1234)
    # Two values 10 points to either side: t(0.975, 1) * 10.
    assert made["wa_high"] - made["wa_mean"] == pytest.approx(127.06, abs=0.01)
    assert made["shape"] == "360-4-2"
    assert json.loads(json.dumps(made)) == made


def test_row_by_speaker_is_over_folds() -> None:
    experiment = dataclasses.replace(EXPERIMENT, protocol="speaker")
    outcomes = [outcome(seed, fold, 8, 6 + fold + 2 * seed) for seed in (0, 1) for fold in (0, 1)]
    made = row("emodb", experiment, outcomes)
    assert (made["seeds"], made["folds"]) == (2, 2)
    assert made["wa_mean"] == 75.0
    assert made["wa_high"] - made["wa_mean"] == pytest.approx(12.706 * 5, abs=0.01)


def test_outcomes_survive_their_file() -> None:
    made = outcome(3, 2, 8, 7)
    again = outcome_from_dict(json.loads(json.dumps(made.to_dict())))
    assert again.to_dict() == made.to_dict()


def test_an_experiment_needs_a_seed() -> None:
    with pytest.raises(SertoolError, match="no seed"):
        Experiment(seeds=())


def test_no_jobs() -> None:
    with pytest.raises(SertoolError, match="0 jobs"):
        run([case()], EXPERIMENT, jobs=0)


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Replace the training of a case; the list tells which seeds were really solved."""
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path))
    seeds: list[int] = []

    def solve(case: Case, experiment: Experiment) -> Outcome:
        if case.seed == 13:
            raise SertoolError("interrupted")
        seeds.append(case.seed)
        return outcome(case.seed, case.fold, 8, 7)

    monkeypatch.setattr(running, "solve", solve)
    return seeds


def test_an_interrupted_run_goes_on(solved: list[int]) -> None:
    with pytest.raises(SertoolError, match="interrupted"):
        run([case(0), case(1), case(13)], EXPERIMENT)
    assert solved == [0, 1]
    outcomes = run([case(2), case(1), case(0)], EXPERIMENT)
    assert solved == [0, 1, 2]
    assert [each.seed for each in outcomes] == [2, 1, 0]


def test_a_damaged_result_is_made_again(solved: list[int], tmp_path: Path) -> None:
    run([case(0)], EXPERIMENT)
    (kept,) = (tmp_path / "experiments").glob("*.json")
    kept.write_text("{")
    run([case(0)], EXPERIMENT)
    assert solved == [0, 0]


@pytest.mark.parametrize(
    "changed",
    [
        {"plan": "t,8"},
        {"training": TrainingConfig(hidden=(5,))},
        {"fine_tuning": FineTuningConfig(epochs=3)},
    ],
)
def test_another_configuration_is_another_result(changed: dict[str, Any]) -> None:
    other = dataclasses.replace(EXPERIMENT, **changed)
    assert running.case_key(case(), other) != running.case_key(case(), EXPERIMENT)


def test_other_data_or_seed_is_another_result() -> None:
    base = case()
    flipped = Examples(base.test.features, (base.test.labels + 1) % 3)
    others = [case(1), dataclasses.replace(base, fold=1), dataclasses.replace(base, test=flipped)]
    keys = {running.case_key(each, EXPERIMENT) for each in (base, *others)}
    assert len(keys) == 4
    assert running.case_key(case(), EXPERIMENT) in keys


def test_cases_standardize_by_the_training_part_alone() -> None:
    clips = [corpora.Clip(Path(f"{index}.wav"), "one", LABELS[index % 3], "toy") for index in range(30)]
    random = np.random.default_rng(0)
    features = {clip: random.integers(-1000, 1000, 6).astype(np.int32) for clip in clips}
    parts = tuple(clips[:18]), tuple(clips[18:24]), tuple(clips[24:])
    split = corpora.Split("toy", "random10", 3, 0, *parts, Path(), {})
    made = accuracy.make_case(split, features, LABELS)
    poisoned = features | {clip: features[clip] * 5 for clip in parts[2]}
    again = accuracy.make_case(split, poisoned, LABELS)
    assert (made.seed, made.fold) == (3, 0)
    assert (len(made.data.train), len(made.data.validation), len(made.test)) == (18, 6, 6)
    assert made.data.train.labels.tolist() == [0, 1, 2] * 6
    assert (made.data.train.features == again.data.train.features).all()
    assert (made.data.validation.features == again.data.validation.features).all()
    assert (made.test.features != again.test.features).any()
