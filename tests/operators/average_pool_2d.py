"""Means of windows at their boundaries, clamped and not."""

from __future__ import annotations

from pooling_layers import cases
from sertool.graph.operators import AveragePool2d

CASES = cases(AveragePool2d)
