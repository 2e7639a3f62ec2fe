"""Digests of all that decides a result, so that it is taken up again exactly where it still holds."""

from __future__ import annotations

import functools
import importlib.metadata
from dataclasses import asdict

from sertool.digests import code_digest, value_digest
from sertool.experiments.sweep.plans import Wanted
from sertool.training import FineTuningConfig, TrainingConfig

#: The code and the packages that decide what training gives.
_CODE = (
    "training", "laq", "graph", "firmware/pack.py",
    "experiments/sweep/learning.py", "experiments/sweep/plans.py",
)  # fmt: skip
_PACKAGES = ("numpy", "tensorflow", "tf-keras", "tensorflow-model-optimization")


@functools.cache
def learning_digest() -> str:
    """Digest code and packages that decide what training gives; machines that share a sweep have it alike."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    return value_digest([code_digest(_CODE), versions])


def row_key(
    origin: dict[str, str], case: str, wanted: Wanted, training: TrainingConfig, tuning: FineTuningConfig
) -> str:
    """Digest all that decides a row but its image.

    `origin` is what the row says of the corpus, `case` a `running.case_digest`; `training` holds the hidden
    sizes, both configurations the seed.
    """
    return value_digest(
        {
            "origin": origin,
            "case": case,
            "wanted": asdict(wanted),
            "training": asdict(training),
            "fine_tuning": asdict(tuning),
            "learning": learning_digest(),
        }
    )
