"""Experiments: cases from a corpus, trials that share their networks, outcomes kept and taken up again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_examples import LABELS, examples, training_data

from sertool import corpora, laq, training
from sertool.errors import SertoolError
from sertool.experiments import Case, Experiment, Outcome, Trial, run, running, solve
from sertool.experiments.trials import METHODS, OWN_NETWORK, Workshop, attempt
from sertool.firmware.pack import layer_bytes
from sertool.frontend import preset
from sertool.material import join
from sertool.training import Accuracy, Examples, FineTuningConfig, TrainingConfig

SHORT = Experiment(
    training=TrainingConfig(epochs=4, batch_size=16, learning_rate=0.01),
    fine_tuning=FineTuningConfig(epochs=2, batch_size=16),
)
PLANNED = Trial("given", (4,), plan="1,8")
LIMIT = 300


def outcome(seed: int, fold: int = 0) -> Outcome:
    scored = Accuracy(np.array([[8, 2], [0, 0]]), ("a", "b"))
    return Outcome(seed, fold, "12-4-2", "1,8", 1234, scored, scored)


def case(seed: int = 0) -> Case:
    return Case(seed, 0, training_data(), examples(30, 5))


def test_an_experiment_needs_a_seed() -> None:
    with pytest.raises(SertoolError, match="no seed"):
        Experiment(seeds=())


def test_no_jobs() -> None:
    with pytest.raises(SertoolError, match="0 jobs"):
        run([case()], SHORT, [PLANNED], jobs=0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("laq", (4,), None, None),
        ("laq", (4,), 300, "1,8"),
        ("laq", (), 300, None),
        ("given", (4,), 300, None),
        ("int4", (4,), 300, None),
    ],
)
def test_a_trial_that_is_told_too_little_or_too_much(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(SertoolError, match="with hidden"):
        Trial(*arguments)


def test_unknown_method() -> None:
    with pytest.raises(SertoolError, match="unknown method: magic") as caught:
        Trial("magic", (4,), 100)
    assert "laq, budget, uniform" in str(caught.value.allowed)


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Workshop(training_data(), SHORT, 3)


@pytest.mark.parametrize("method", list(METHODS))
def test_every_method_ends_in_a_network_within_its_bytes(workshop: Workshop, method: str) -> None:
    hidden = () if method in OWN_NETWORK else (10,)
    given = method.startswith("given")
    trial = Trial(method, hidden, None if given else LIMIT, "1,8" if given else None)
    made = attempt(workshop, trial)
    assert 0 < made.bytes <= LIMIT or given
    predicted = made.classify(workshop.data.validation.features)
    assert predicted.shape == (30,)
    assert set(predicted.tolist()) <= {0, 1, 2}
    assert made.shape[0] == 12 and made.shape[-1] == 3


def test_trials_share_what_they_can(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[tuple[int, int]] = []

    def fit(data: training.TrainingData, config: TrainingConfig) -> tuple[training.FloatModel, None]:
        trained.append((config.hidden[0], len(data.train)))
        return real(data, config)  # type: ignore[return-value]

    real = training.fit
    monkeypatch.setattr(training, "fit", fit)
    shop = Workshop(training_data(), SHORT, 0)
    for method in ("laq", "budget", "laq, post-training"):
        attempt(shop, Trial(method, (10,), LIMIT))
    attempt(shop, Trial("given, post-training", (10,), plan="8,8"))
    # Once without the validation part, to choose with, and once with it.
    assert trained == [(10, 96), (10, 126)]


def test_nothing_that_is_made_depends_on_the_test_part() -> None:
    trials = [Trial("laq", (10,), LIMIT), Trial("budget", (10,), LIMIT), Trial("int4", limit=LIMIT)]
    poisoned = dataclasses.replace(case(), test=Examples(case().test.features, (case().test.labels + 1) % 3))
    for first, second in zip(solve(case(), SHORT, trials), solve(poisoned, SHORT, trials), strict=True):
        assert (first.plan, first.shape, first.bytes) == (second.plan, second.shape, second.bytes)
        # The same clip by clip predictions, against labels that are turned by one.
        assert (np.roll(first.quantized.confusion, 1, axis=0) == second.quantized.confusion).all()


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Replace the training of a case; the list tells which seeds were really solved."""
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path))
    seeds: list[int] = []

    def solve(case: Case, experiment: Experiment, trials: Sequence[Trial]) -> Iterator[Outcome]:
        for trial in trials:
            if case.seed == 13 and trial != PLANNED:
                raise SertoolError("interrupted")
            seeds.append(case.seed)
            yield outcome(case.seed, case.fold)

    monkeypatch.setattr(running, "solve", solve)
    return seeds


def test_an_interrupted_run_goes_on(solved: list[int]) -> None:
    both = [PLANNED, Trial("laq", (4,), 200)]
    with pytest.raises(SertoolError, match="interrupted"):
        run([case(0), case(13)], SHORT, both)
    assert solved == [0, 0, 13]
    found = run([case(1), case(0), case(13)], SHORT, [PLANNED])
    assert solved == [0, 0, 13, 1]
    assert [each.seed for each in found[PLANNED]] == [1, 0, 13]


def test_a_damaged_outcome_is_made_again(solved: list[int], tmp_path: Path) -> None:
    run([case(0)], SHORT, [PLANNED])
    (kept,) = (tmp_path / "experiments").glob("*.json")
    for damage in ("{", "{}", "[]"):
        kept.write_text(damage)
        run([case(0)], SHORT, [PLANNED])
    assert solved == [0, 0, 0, 0]


def test_outcomes_survive_their_file() -> None:
    made = outcome(3, 2)
    assert Outcome.from_dict(made.to_dict()).to_dict() == made.to_dict()


@pytest.mark.parametrize(
    "changed", [{"training": TrainingConfig(epochs=5)}, {"fine_tuning": FineTuningConfig(epochs=3)}]
)
def test_another_configuration_is_another_result(changed: dict[str, Any]) -> None:
    other = dataclasses.replace(SHORT, **changed)
    assert running.outcome_key("data", other, PLANNED) != running.outcome_key("data", SHORT, PLANNED)


def test_other_data_trial_or_seed_is_another_result() -> None:
    base = case()
    flipped = Examples(base.test.features, (base.test.labels + 1) % 3)
    others = [case(1), dataclasses.replace(base, fold=1), dataclasses.replace(base, test=flipped)]
    assert len({running.case_digest(each) for each in (base, *others)}) == 4
    assert running.case_digest(case()) == running.case_digest(base)
    trials = [PLANNED, Trial("given", (4,), plan="8,8"), Trial("given", (5,), plan="1,8")]
    assert len({running.outcome_key("data", SHORT, trial) for trial in trials}) == 3


def test_cases_standardize_by_the_training_part_alone() -> None:
    clips = [corpora.Clip(Path(f"{index}.wav"), "one", LABELS[index % 3], "toy") for index in range(30)]
    random = np.random.default_rng(0)
    corpus = corpora.Corpus("toy", Path(), tuple(clips))
    features = {clip: random.integers(-1000, 1000, 6).astype(np.int32) for clip in clips}
    parts = tuple(clips[:18]), tuple(clips[18:24]), tuple(clips[24:])
    split = corpora.Split("toy", "random10", 3, 0, *parts, Path(), {})
    made = join(corpus, split, preset("laq180"), features).case()
    poisoned = features | {clip: features[clip] * 5 for clip in parts[2]}
    again = join(corpus, split, preset("laq180"), poisoned).case()
    assert (made.seed, made.fold) == (3, 0)
    assert (len(made.data.train), len(made.data.validation), len(made.test)) == (18, 6, 6)
    assert made.data.train.labels.tolist() == [0, 1, 2] * 6
    assert (made.data.train.features == again.data.train.features).all()
    assert (made.data.validation.features == again.data.validation.features).all()
    assert (made.test.features != again.test.features).any()


def test_the_allocated_plan_is_found_without_the_validation_part_in_training(workshop: Workshop) -> None:
    plan = workshop.allocated("budget", "laq", (10,), LIMIT)
    model, _ = training.fit(training_data(), dataclasses.replace(SHORT.training, hidden=(10,), seed=3))
    costs = laq.byte_costs(model.shape, layer_bytes)
    budget = laq.Budget(LIMIT, costs)
    assert plan == laq.allocate(model, training_data(), bytes=costs, strategy="budget", budget=budget).plan
