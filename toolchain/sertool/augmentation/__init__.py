"""Clips as they are heard elsewhere: in noise, in a room, from afar, over a telephone; int16 in, int16 out."""

from sertool.augmentation.augmentation import Augmentation
from sertool.augmentation.condition import CONDITIONS, Condition
from sertool.augmentation.degradation import Degradation

__all__ = ["CONDITIONS", "Augmentation", "Condition", "Degradation"]
