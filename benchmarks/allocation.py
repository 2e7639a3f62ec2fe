"""How long searches for widths take, and how well the strategy `budget` foresees what a plan does.

Trains the 169,131-parameter network on one split of each corpus and writes benchmarks/allocation.json: seconds
of training, of each search and of fine-tuning; the plans; and over drawn plans Spearman's correlation of what
each layer alone moves the outputs, summed, with how far the plan moves them, its loss, and the accuracy that it
loses.

Corpora are found below SERTOOL_CORPORA; absent ones stay in the file as they were.

Usage: python benchmarks/allocation.py
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from keeping import attempt, left_as_it_is, standing
from scipy.stats import spearmanr

from sertool import corpora, laq, training
from sertool.experiments import Experiment, cases
from sertool.experiments.recounting import FLASH
from sertool.files import write_atomic
from sertool.firmware.pack import layer_bytes
from sertool.laq.allocation.evaluation import PostTraining
from sertool.training import FineTuningConfig, FloatModel, TrainingConfig, TrainingData

CORPORA = ("emodb", "savee")
HIDDEN = (324, 128, 64, 32)
#: Limits in bytes: none, one with room to choose, and one with room for 1 bit everywhere.
LIMITS = (None, 49_152, 27_648)
STRATEGIES = ("laq", "budget", "uniform", "random-order")
DRAWN = 200

Result = TypeVar("Result")


def timed(action: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = action()
    return result, round(time.perf_counter() - start, 2)


def searches(model: FloatModel, data: TrainingData) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    costs = laq.byte_costs(model.shape, layer_bytes)
    for limit in LIMITS:
        for strategy in STRATEGIES:
            if limit is None and strategy == "budget":
                continue
            budget = None if limit is None else laq.Budget(limit, costs)

            def search(strategy: str = strategy, budget: laq.Budget | None = budget) -> laq.Allocation:
                return laq.allocate(model, data, bytes=costs, strategy=strategy, budget=budget)

            found, seconds = timed(search)
            row = {"strategy": strategy, "limit": limit, "plan": laq.format_plan(found.plan)}
            row["limit_counts"] = None if limit is None else FLASH
            scores = {"accuracy": found.score.accuracy, "loss": found.score.loss}
            rows.append({**row, **scores, "bytes": found.bytes, "seconds": seconds})
    return rows


def foresight(model: FloatModel, data: TrainingData) -> dict[str, float]:
    """Half of the plans are drawn from all widths, half from 1, ternary and 3 bits."""
    scorer, random = PostTraining(model, data), np.random.default_rng(0)
    count = len(model.layers)
    alone = [[scorer.deviation(layer, width) for width in laq.WIDTHS] for layer in range(count)]
    real = training.predict(model, data.validation.features)
    rows = []
    for number in range(DRAWN):
        drawn = random.integers(0, len(laq.WIDTHS) if number % 2 else 3, count)
        plan = tuple(laq.WIDTHS[index] for index in drawn)
        score = scorer.evaluate(plan)
        moved = np.square(scorer.logits(plan) - real).mean()
        rows.append(
            (sum(alone[layer][index] for layer, index in enumerate(drawn)), moved, score.loss, -score.accuracy)
        )
    foreseen, *found = np.transpose(rows)
    names = ("movement", "loss", "accuracy lost")
    return {
        name: round(float(spearmanr(foreseen, what)[0]), 3) for name, what in zip(names, found, strict=True)
    }


def measure(root: Path) -> dict[str, object]:
    case = next(iter(cases(corpora.load(root), Experiment(seeds=(0,)))))
    data, config = case.data, TrainingConfig(hidden=HIDDEN)
    (model, _), trained = timed(lambda: training.fit(data, config))
    found = searches(model, data)
    plan = laq.parse_plan(str(found[0]["plan"]), [layer.name for layer in model.layers])
    _, tuned = timed(lambda: laq.fine_tune(model, plan, data, FineTuningConfig()))
    return {
        "corpus": root.name,
        "shape": list(model.shape),
        "validation_clips": len(data.validation),
        "training_seconds": trained,
        "fine_tuning_seconds": tuned,
        "searches": found,
        "rank_correlation": foresight(model, data),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    root = Path(os.environ.get("SERTOOL_CORPORA", ""))
    rows = {row["corpus"]: row for row in standing(options.output, [])}
    before = dict(rows)
    for name in CORPORA:
        if root.name and (root / name).is_dir():
            row = attempt(name, functools.partial(measure, root / name))
            rows |= {name: row} if row else {}
        else:
            left_as_it_is(name, "no such corpus below SERTOOL_CORPORA")
    if rows != before:
        write_atomic(options.output, json.dumps(list(rows.values()), indent=1) + "\n")


if __name__ == "__main__":
    main()
