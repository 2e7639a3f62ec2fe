"""Experiments: what the tables of accuracy are made of, over seeds and folds."""

from sertool.experiments.accuracy import Case, Experiment, Outcome, cases, solve
from sertool.experiments.rows import row
from sertool.experiments.running import run

__all__ = ["Case", "Experiment", "Outcome", "cases", "row", "run", "solve"]
