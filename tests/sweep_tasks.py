"""A small sweep, and quick stand-ins for its tasks; workers of other processes import this file too."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from sertool.experiments.outcomes import Outcome, Score
from sertool.experiments.studies.sweep import sweep
from sertool.experiments.study import Scales, Study
from sertool.experiments.sweep.device import Board, Images
from sertool.experiments.sweep.grid import grid
from sertool.experiments.trials import Recipe, Trial
from sertool.graph import TensorScale
from sertool.material import Case
from sertool.targets import load
from sertool.training import Examples, FineTuningConfig, TrainingConfig, TrainingData

SEEDS = (0, 1)
SHAPES = ((10,), (8, 6))
WANTED = tuple(Trial("given", plan=width) for width in ("1", "ternary", "8"))
LABELS = ("anger", "joy", "sadness")


def examples(clips: int, seed: int) -> Examples:
    """Clips of three classes, each around a feature of its own."""
    labels = np.arange(clips) % len(LABELS)
    drawn = np.random.default_rng(seed).normal(40 * np.eye(12)[labels], 16)
    return Examples(np.clip(np.rint(drawn), -128, 127).astype(np.int8), labels)


def case(seed: int) -> Case:
    """96 clips to train on, 30 to choose by and 30 to test."""
    scale = TensorScale(2.0**-5, 0)
    data = TrainingData(examples(96, seed), examples(30, seed + 100), LABELS, scale)
    return Case(seed, 0, data, examples(30, seed + 200))


def small_sweep(
    *,
    seeds: Sequence[int] = SEEDS,
    shapes: Sequence[tuple[int, ...]] = SHAPES,
    epochs: int = 4,
    scales: Scales | None = None,
) -> Study:
    """Twelve rows of networks that learn in a second; nothing is measured for the board."""
    return sweep(
        "clusters",
        "random10",
        grid(("moments",), shapes, WANTED),
        {("moments", seed, 0): case(seed) for seed in seeds},
        TrainingConfig(epochs=epochs),
        FineTuningConfig(epochs=3),
        scales or Images(Board(load("stm32"), "test", None, None)),
    )


def quick_learn(case: Case, recipe: Recipe, trials: Sequence[Trial], code: str) -> tuple[Outcome, ...]:
    """Stands for `learning.learn`: what it gives depends on what it is given."""
    return tuple(_quick(trial, recipe.training.seed) for trial in trials)


def _quick(trial: Trial, seed: int) -> Outcome:
    count = int.from_bytes(f"{trial.hidden} {trial.wanted} {seed}".encode(), "big") % 1000 + 1
    widths = trial.wanted.split(",")
    score = Score(((count, 1, 0), (0, 2, 0), (0, 0, 3)))
    return Outcome(
        shape=(12, *trial.hidden, 3),
        plan=",".join(widths if len(widths) > 1 else widths * (len(trial.hidden) + 1)),
        bytes=count,
        float_test=score,
        test=score,
        heard=(0,) * count + (1, 1, 1, 2, 2, 2),
        float_validation=score,
        validation=score,
    )


def slow_learn(*arguments: Any) -> tuple[Outcome, ...]:
    """`quick_learn`, so slow that there is a midway."""
    time.sleep(0.3)
    return quick_learn(*arguments)


def broken_learn(*arguments: Any) -> tuple[Outcome, ...]:
    """A task that fails as none of ours should."""
    raise ZeroDivisionError("a task went wrong")
