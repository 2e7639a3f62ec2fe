"""Results as an evidence run leaves them, drawn: two corpora, two protocols, fifteen ways."""

from __future__ import annotations

from typing import Any

import numpy as np

from sertool.report import Tradeoff
from sertool.stages.tradeoff import tradeoffs

WAYS = (
    ("laq", "360-324-128-64-32-7", "1,1,1,1,1", 25576),
    ("laq", "360-144-48-24-7", "1,1,6,8", 10160),
    ("laq", "360-96-48-24-7", "1,3,4,8", 8192),
    ("laq", "360-80-32-7", "1,4,8", 6056),
    ("laq", "360-56-16-7", "1,7,8", 4048),
    ("budget", "360-96-48-24-7", "1,6,6,8", 10208),
    ("uniform", "360-96-48-24-7", "1,1,1,1", 6461),
    ("random-order", "360-96-48-24-7", "1,5,8,8", 9920),
    ("laq, post-training", "360-96-48-24-7", "1,5,8,8", 9920),
    ("TFLite int8", "360-68-7", "8,8", 25556),
    ("TFLite int8", "360-27-7", "8,8", 10181),
    ("int4", "360-53-7", "4,4", 10209),
    ("smaller, 8 bit", "360-27-7", "8,8", 10181),
    ("clustering", "360-52-7", "4,4", 10046),
    ("pruning", "360-96-48-24-7", "8,8,8,8", 10152),
)


def rows() -> list[dict[str, Any]]:
    """Rows of `results/accuracy.json`."""
    random = np.random.default_rng(0)
    made = []
    for corpus, protocol, base in (
        ("emodb", "random10", 86),
        ("savee", "random10", 79),
        ("emodb", "speaker", 64),
    ):
        for method, shape, plan, size in WAYS:
            mean = round(base + random.normal(0, 1.5) - (9 if "post" in method else 0), 2)
            less = mean - base
            made.append(
                {
                    "corpus": corpus, "protocol": protocol, "descriptors": "moments", "manifest": "ab" * 32,
                    "method": method, "shape": shape, "plan": plan, "bytes": size, "limit": None,
                    "seeds": 10, "folds": 1, "wa_values": [mean],
                    "ua_mean": mean - 1, "float_ua_mean": base - 1,
                    "wa_mean": mean, "wa_low": mean - 2.5, "wa_high": mean + 2.5,
                    "float_wa_mean": float(base), "float_wa_low": base - 2, "float_wa_high": base + 2,
                    "difference_mean": less, "difference_low": less - 1.2, "difference_high": less + 1.2,
                }
            )  # fmt: skip
    return made


def example() -> tuple[Tradeoff, ...]:
    """The trade-offs of these rows."""
    return tradeoffs(rows())
