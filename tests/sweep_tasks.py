"""A small sweep, and quick stand-ins for its tasks; workers of other processes import this file too."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from sertool.experiments.sweep.device import Board
from sertool.experiments.sweep.grid import grid
from sertool.experiments.sweep.learning import Learned
from sertool.experiments.sweep.plans import Wanted
from sertool.experiments.sweep.row import Score
from sertool.experiments.sweep.running import Sweep
from sertool.graph import TensorScale
from sertool.material import Case
from sertool.targets import load
from sertool.training import Examples, FineTuningConfig, TrainingConfig, TrainingData

SEEDS = (0, 1)
WANTED = (Wanted("1"), Wanted("ternary"), Wanted("8"))
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


def small_sweep() -> Sweep:
    """Twelve rows of networks that learn in a second; nothing is measured for the board."""
    return Sweep(
        corpus="clusters",
        protocol="random10",
        fold=0,
        points=grid(("moments",), ((10,), (8, 6)), WANTED),
        seeds=SEEDS,
        cases={("moments", seed): case(seed) for seed in SEEDS},
        training=TrainingConfig(epochs=4),
        fine_tuning=FineTuningConfig(epochs=3),
        board=Board(load("stm32"), "test", None, None),
    )


def quick_train(case: Case, config: TrainingConfig, code: str) -> tuple[int, ...]:
    """Stands for `learning.train`: the float network is its hidden sizes."""
    return config.hidden


def quick_learn(
    case: Case, model: tuple[int, ...], wanted: Wanted, config: FineTuningConfig, code: str
) -> Learned:
    """Stands for `learning.learn`: what it gives depends on what it is given."""
    count = int.from_bytes(f"{model} {wanted.text} {config.seed}".encode(), "big") % 1000 + 1
    score = Score(((count, 1, 0), (0, 2, 0), (0, 0, 3)))
    return Learned((12, *model, 3), ",".join([wanted.text] * (len(model) + 1)), count, *[score] * 4)


def slow_learn(*arguments: Any) -> Learned:
    """`quick_learn`, so slow that there is a midway."""
    time.sleep(0.3)
    return quick_learn(*arguments)


def long_learn(*arguments: Any) -> Learned:
    """`quick_learn`, not done within a test."""
    time.sleep(600)
    return quick_learn(*arguments)


def broken_learn(*arguments: Any) -> Learned:
    """A task that fails as none of ours should."""
    raise ZeroDivisionError("a task went wrong")
