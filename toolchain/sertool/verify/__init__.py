"""Comparing engines with the reference, layer by layer, and naming the first difference."""

from sertool.verify.comparison import Comparison, Difference, EngineComparison, LayerComparison
from sertool.verify.outputs import (
    ANSWER,
    ENROLMENT,
    FEATURES,
    INPUT,
    Outputs,
    compare,
    of_classifications,
    of_run,
)
from sertool.verify.verdict import paragraph, require

__all__ = [
    "ANSWER",
    "ENROLMENT",
    "FEATURES",
    "INPUT",
    "Comparison",
    "Difference",
    "EngineComparison",
    "LayerComparison",
    "Outputs",
    "compare",
    "of_classifications",
    "of_run",
    "paragraph",
    "require",
]
