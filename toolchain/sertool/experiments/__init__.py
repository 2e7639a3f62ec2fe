"""Experiments: trials on seeds and folds of a corpus, and what their outcomes say together."""

from sertool.experiments.cases import Experiment, cases
from sertool.experiments.outcomes import Outcome, Row
from sertool.experiments.rows import row, versus
from sertool.experiments.study import Asked, Study, rows_of, run
from sertool.experiments.trials import METHODS, Recipe, Trial
from sertool.material import Case

__all__ = [
    "METHODS",
    "Asked",
    "Case",
    "Experiment",
    "Outcome",
    "Recipe",
    "Row",
    "Study",
    "Trial",
    "cases",
    "row",
    "rows_of",
    "run",
    "versus",
]
