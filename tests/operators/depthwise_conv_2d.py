"""Convolutions of each channel: windows at their boundaries, all widths, what strains rounding and clamp."""

from __future__ import annotations

import functools

from convolutions import cases, drawn
from sertool.graph.operators import DepthwiseConv2d

CASES = cases(DepthwiseConv2d)
DRAWN = functools.partial(drawn, DepthwiseConv2d)
