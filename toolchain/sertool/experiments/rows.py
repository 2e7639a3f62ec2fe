"""From the rows of a study to those of `results/accuracy.json`: percentages with their intervals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sertool.experiments.cases import Experiment
from sertool.experiments.outcomes import Row
from sertool.experiments.recounting import FLASH
from sertool.experiments.trials import Trial
from sertool.intervals import Interval, student
from sertool.material import PROTOCOLS


def row(corpus: str, experiment: Experiment, trial: Trial, outcomes: Sequence[Row]) -> dict[str, Any]:
    """Return one trial's row as JSON types; accuracies and their differences in percent.

    Intervals are Student's at 95 %: over seeds, but for `speaker` over folds, each the mean of its seeds,
    because what differs is the voices. `difference` is quantized less its own float network, case by
    case. `bytes` is the largest and `plan` the most frequent over the cases; `wa_values` are the weighted
    accuracies that the mean and the interval are of, one a seed or fold.
    """

    def over(value: Callable[[Row], float]) -> list[float]:
        groups: dict[int, list[float]] = {}
        for outcome in outcomes:
            key = outcome.fold if PROTOCOLS[experiment.protocol].split == "speaker" else outcome.seed
            groups.setdefault(key, []).append(100 * value(outcome))
        return [sum(groups[key]) / len(groups[key]) for key in sorted(groups)]

    weighted = over(lambda outcome: outcome.test.weighted)
    plans = Counter(outcome.plan for outcome in outcomes)
    return {
        "corpus": corpus,
        "protocol": experiment.protocol,
        "descriptors": experiment.descriptors,
        "shape": Counter("-".join(map(str, outcome.shape)) for outcome in outcomes).most_common(1)[0][0],
        "plan": plans.most_common(1)[0][0],
        "plans": dict(sorted(plans.items())),
        "method": trial.method,
        "limit": trial.limit,
        "limit_counts": None if trial.limit is None else FLASH,
        "bytes": max(outcome.bytes for outcome in outcomes),
        "seeds": len({outcome.seed for outcome in outcomes}),
        "folds": len({outcome.fold for outcome in outcomes}),
        "test_clips": sum(outcome.float_test.clips for outcome in outcomes),
        **spread("wa", weighted),
        "wa_values": [_round(value) for value in weighted],
        "ua_mean": _round(student(over(lambda outcome: outcome.test.unweighted)).mean),
        **spread("float_wa", over(lambda outcome: outcome.float_test.weighted)),
        "float_ua_mean": _round(student(over(lambda outcome: outcome.float_test.unweighted)).mean),
        **spread("difference", over(lambda outcome: outcome.test.weighted - outcome.float_test.weighted)),
    }


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """Return the mean of `values` and the ends of its interval under keys that begin with `name`."""
    found: Interval = student(values)
    return {f"{name}_{end}": _round(getattr(found, end)) for end in ("mean", "low", "high")}


def versus(row: Mapping[str, Any], other: Mapping[str, Any]) -> Interval | None:
    """Return how far `row` lies above `other` in points, pair by pair; None where their cases differ."""
    ours, theirs = row["wa_values"], other["wa_values"]
    cases = ("corpus", "protocol", "descriptors", "seeds", "folds")
    if any(row[name] != other[name] for name in cases) or len(ours) != len(theirs):
        return None
    return student([mine - yours for mine, yours in zip(ours, theirs, strict=True)])


def _round(value: float) -> float:
    # No minus sign before a zero: two equal results should read alike.
    return math.copysign(round(value, 2), 1) if round(value, 2) == 0 else round(value, 2)
