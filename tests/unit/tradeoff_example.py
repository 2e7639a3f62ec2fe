"""Results as an evidence run leaves them, drawn: four corpora, two protocols, every way to a small network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sertool.report import Comparison, Estimate, Tradeoff, TradeoffPoint
from sertool.stages.tradeoff import compare

WAYS = (
    ("laq", "360-324-128-64-32-7", "1,1,1,1,1", 25576),
    ("laq", "360-144-48-24-7", "1,1,6,8", 10160),
    ("laq", "360-96-48-24-7", "1,3,4,8", 8192),
    ("laq", "360-80-32-7", "1,4,8", 6056),
    ("laq", "360-56-16-7", "1,7,8", 4048),
    ("TFLite int8", "360-68-7", "8,8", 25556),
    ("TFLite int8", "360-27-7", "8,8", 10181),
    ("laq", "360-96-48-24-7", "1,4,8,8", 10092),
    ("laq, gradient", "360-96-48-24-7", "1,5,6,8", 9998),
    ("laq, hessian", "360-96-48-24-7", "1,5,8,8", 9920),
    ("budget", "360-96-48-24-7", "1,6,6,8", 10208),
    ("uniform", "360-96-48-24-7", "1,1,1,1", 6461),
    ("random-order", "360-96-48-24-7", "1,5,8,8", 9920),
    ("laq, post-training", "360-96-48-24-7", "1,5,8,8", 9920),
    ("pruning", "360-96-48-24-7", "8,8,8,8", 10152),
    ("int4", "360-53-7", "4,4", 10209),
    ("smaller, 8 bit", "360-27-7", "8,8", 10181),
    ("clustering", "360-52-7", "4,4", 10046),
    ("given", "360-96-48-24-7", "1,1,1,1", 6461),
    ("given", "360-96-48-24-7", "8,8,8,8", 42072),
    ("given, post-training", "360-96-48-24-7", "1,1,1,1", 6461),
    ("given, post-training", "360-96-48-24-7", "8,8,8,8", 42072),
)
FLOATS = {
    ("emodb", "random10"): 86.1,
    ("savee", "random10"): 79.4,
    ("ravdess", "random10"): 78.2,
    ("tess", "random10"): 99.8,
    ("emodb", "speaker"): 64.6,
    ("savee", "speaker"): 39.2,
    ("ravdess", "speaker"): 50.3,
    ("tess", "speaker"): 62.0,
}


def row(random: np.random.Generator, case: tuple[str, str], way: tuple[str, str, str, int]) -> dict[str, Any]:
    """Draw one row; what is only quantized is the worse, the narrower its widths."""
    method, shape, plan, size = way
    base = FLOATS[case]
    loss = abs(random.normal(0, 1.2)) + 2e4 / size**1.2
    if "post-training" in method:
        loss += 45 if set(plan) == {"1", ","} else 9 * plan.count("1")
    mean = round(min(max(base - 0.02 * loss * base * (100 - base) / 24, 20), 99.9), 2)
    half = round(0.04 * (100 - mean) + 0.4, 2)
    less = round(mean - base, 2)
    return {
        "corpus": case[0], "protocol": case[1], "descriptors": "moments",
        "manifest": f"{sum(map(ord, ''.join(case))):03x}" * 16,
        "method": method, "shape": shape, "plan": plan, "plans": {plan: 7, "8" + plan[1:]: 3},
        "bytes": size, "limit": None, "limit_counts": None,
        "seeds": 10 if case[1] == "random10" else 1, "folds": 1 if case[1] == "random10" else 10,
        "wa_values": [mean], "ua_mean": round(mean - 0.8, 2), "float_ua_mean": base - 1,
        "wa_mean": mean, "wa_low": mean - half, "wa_high": mean + half,
        "float_wa_mean": base, "float_wa_low": base - 2, "float_wa_high": base + 2,
        "difference_mean": less, "difference_low": less - half / 2, "difference_high": less + half / 2,
    }  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Rows of `results/accuracy.json`."""
    random = np.random.default_rng(0)
    ways = {
        case: WAYS if case[0] in ("emodb", "savee") else WAYS[: 18 if case[0] == "ravdess" else 7]
        for case in FLOATS
    }
    return [
        row(random, case, way)
        for case in FLOATS
        for way in (ways[case] if case[1] == "random10" else (WAYS[0], WAYS[1], WAYS[4]))
    ]


def example() -> Comparison:
    """The comparison of these rows."""
    return compare(rows(), Path("accuracy.json"))


def point(accuracy: float, size: int, **more: Any) -> TradeoffPoint:
    """A point of ten seeds that all gave the same, 0.9 in float."""
    same, less = (Estimate(value, value, value) for value in (accuracy, accuracy - 0.9))
    return replace(TradeoffPoint("laq", "4-2", "8", size, same, 0.9, less, 10), **more)


def tradeoff(*points: TradeoffPoint) -> Tradeoff:
    """A trade-off of these points, on test."""
    return Tradeoff("emodb", "random10", "moments", "test", points)
