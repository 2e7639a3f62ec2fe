"""Baselines: what others do with the same bytes, each ending in integers that the reference runs."""

from sertool.baselines.candidate import Candidate
from sertool.baselines.clustering import clustering
from sertool.baselines.pruning import pruning
from sertool.baselines.smaller import smaller
from sertool.baselines.tensorflow_lite import int4, int8

__all__ = ["Candidate", "clustering", "int4", "int8", "pruning", "smaller"]
