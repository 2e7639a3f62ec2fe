"""Largest values of windows at their boundaries, clamped and not."""

from __future__ import annotations

from pooling_layers import cases
from sertool.graph.operators import MaxPool2d

CASES = cases(MaxPool2d)
