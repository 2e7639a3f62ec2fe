"""From the outcomes of cases to a row of the table: percentages with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sertool.experiments.accuracy import Experiment, Outcome
from sertool.frontend import preset
from sertool.training.metrics import Interval, student


def row(corpus: str, experiment: Experiment, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return one row as JSON types; accuracies and their differences in percent.

    Intervals are Student's at 95 %: over seeds for `random10`; for `speaker` over folds, each the mean of its
    seeds, because what differs is the voices. `difference` is quantized less float, case by case.
    """
    by_fold = experiment.protocol != "random10"

    def over(value: Callable[[Outcome], float]) -> Interval:
        groups: dict[int, list[float]] = {}
        for outcome in outcomes:
            groups.setdefault(outcome.fold if by_fold else outcome.seed, []).append(100 * value(outcome))
        return student([sum(group) / len(group) for group in groups.values()])

    shape = (
        preset(experiment.descriptors).features,
        *experiment.training.hidden,
        len(outcomes[0].real.labels),
    )
    weighted = over(lambda outcome: outcome.quantized.weighted)
    real = over(lambda outcome: outcome.real.weighted)
    difference = over(lambda outcome: outcome.quantized.weighted - outcome.real.weighted)
    return {
        "corpus": corpus,
        "protocol": experiment.protocol,
        "descriptors": experiment.descriptors,
        "shape": "-".join(map(str, shape)),
        "plan": experiment.plan,
        "method": "given plan, fine-tuned",
        "bytes": outcomes[0].bytes,
        "seeds": len({outcome.seed for outcome in outcomes}),
        "folds": len({outcome.fold for outcome in outcomes}),
        "test_clips": sum(outcome.real.clips for outcome in outcomes),
        "wa_mean": round(weighted.mean, 2),
        "wa_low": round(weighted.low, 2),
        "wa_high": round(weighted.high, 2),
        "ua_mean": round(over(lambda outcome: outcome.quantized.unweighted).mean, 2),
        "float_wa_mean": round(real.mean, 2),
        "float_wa_low": round(real.low, 2),
        "float_wa_high": round(real.high, 2),
        "float_ua_mean": round(over(lambda outcome: outcome.real.unweighted).mean, 2),
        "difference_mean": round(difference.mean, 2),
        "difference_low": round(difference.low, 2),
        "difference_high": round(difference.high, 2),
    }
