"""Experiments: cases from a corpus, trials that share their networks, a study that goes on where it stopped."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_examples import LABELS, examples, training_data

from sertool import corpora, laq, training
from sertool.errors import SertoolError
from sertool.experiments import Case, Experiment, Outcome, Trial, rows_of, run
from sertool.experiments.learning import case_digest, learn, learning_digest
from sertool.experiments.store import Store
from sertool.experiments.studies.evidence import evidence
from sertool.experiments.trials import METHODS, OWN_NETWORK, Recipe, Workshop, attempt
from sertool.experiments.workers import LocalWorkers, local
from sertool.firmware.pack import layer_bytes
from sertool.frontend import preset
from sertool.material import join
from sertool.training import Examples, FineTuningConfig, TrainingConfig
from sweep_tasks import quick_learn

SHORT = Recipe(
    TrainingConfig(epochs=4, batch_size=16, learning_rate=0.01, seed=3),
    FineTuningConfig(epochs=2, batch_size=16, seed=3),
)
PLANNED = Trial("given", (4,), plan="1,8")
LIMIT = 300


def case(seed: int = 0) -> Case:
    return Case(seed, 0, training_data(), examples(30, 5))


def test_an_experiment_needs_a_seed_and_a_protocol() -> None:
    with pytest.raises(SertoolError, match="no seed"):
        Experiment(seeds=())
    with pytest.raises(SertoolError, match="unknown protocol"):
        Experiment(protocol="speaker-followed")


@pytest.mark.parametrize(
    "arguments",
    [
        ("budget", (4,), None, None),
        ("pruning", (4,), None, None),
        ("int4", (), None, None),
        ("laq", (4,), 300, "1,8"),
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
    return Workshop(training_data(), SHORT)


@pytest.mark.parametrize("method", list(METHODS))
def test_every_method_ends_in_a_network_within_its_bytes(workshop: Workshop, method: str) -> None:
    hidden = () if method in OWN_NETWORK else (4,) if method == "exhaustive" else (10,)
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
    shop = Workshop(training_data(), SHORT)
    for method in ("laq", "budget", "laq, post-training"):
        attempt(shop, Trial(method, (10,), LIMIT))
    attempt(shop, Trial("given, post-training", (10,), plan="8,8"))
    # Once without the validation part, to choose with, and once with it.
    assert trained == [(10, 96), (10, 126)]


def test_nothing_that_is_made_depends_on_the_test_part() -> None:
    trials = [Trial("laq", (10,), LIMIT), Trial("budget", (10,), LIMIT), Trial("int4", limit=LIMIT)]
    poisoned = dataclasses.replace(case(), test=Examples(case().test.features, (case().test.labels + 1) % 3))
    pairs = zip(*(learn(each, SHORT, trials, learning_digest()) for each in (case(), poisoned)), strict=True)
    for first, second in pairs:
        assert (first.plan, first.shape, first.bytes) == (second.plan, second.shape, second.bytes)
        # The same clip by clip predictions, against labels that are turned by one.
        assert first.heard == second.heard
        assert (np.roll(first.test.confusion, 1, axis=0) == np.array(second.test.confusion)).all()


def test_an_interrupted_study_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    solved: list[int] = []

    def quick(case: Case, recipe: Recipe, trials: Sequence[Trial], code: str) -> tuple[Outcome, ...]:
        if case.seed == 13 and PLANNED not in trials:
            raise SertoolError("interrupted")
        solved.append(case.seed)
        assert recipe.training.seed == recipe.fine_tuning.seed == case.seed
        return quick_learn(case, recipe, trials, code)

    def made(seeds: Sequence[int], trials: Sequence[Trial]) -> list[int]:
        study = evidence("toy", Experiment(), [case(seed) for seed in seeds], trials)
        with Store.open(tmp_path / "evidence.sqlite") as store, LocalWorkers(1) as workers:
            run(study, store, workers)
            return [row.seed for asked, row in rows_of(study, store).items() if asked.trial == PLANNED]

    monkeypatch.setattr(local, "learn", quick)
    with pytest.raises(SertoolError, match="interrupted"):
        made([0, 13], [PLANNED, Trial("given", (5,), plan="8")])
    assert solved == [0, 0, 13]
    assert made([1, 0, 13], [PLANNED]) == [1, 0, 13]
    assert solved == [0, 0, 13, 1]


def test_other_data_fold_or_seed_is_another_case() -> None:
    base = case()
    flipped = Examples(base.test.features, (base.test.labels + 1) % 3)
    others = [case(1), dataclasses.replace(base, fold=1), dataclasses.replace(base, test=flipped)]
    assert len({case_digest(each) for each in (base, *others)}) == 4
    assert case_digest(case()) == case_digest(base)


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
    plan = workshop.allocated("budget", Trial("budget", (10,), LIMIT))
    model, _ = training.fit(training_data(), dataclasses.replace(SHORT.training, hidden=(10,)))
    costs = laq.byte_costs(model.shape, layer_bytes)
    budget = laq.Budget(LIMIT, costs)
    assert plan == laq.allocate(model, training_data(), bytes=costs, strategy="budget", budget=budget).plan
