"""Experiments: what the tables of accuracy are made of, over seeds and folds."""

from sertool.experiments.cases import Experiment, cases
from sertool.experiments.outcomes import Outcome
from sertool.experiments.rows import row, versus
from sertool.experiments.running import run, solve
from sertool.experiments.trials import METHODS, Trial
from sertool.material import Case

__all__ = ["METHODS", "Case", "Experiment", "Outcome", "Trial", "cases", "row", "run", "solve", "versus"]
