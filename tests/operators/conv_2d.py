"""Convolutions: windows at their boundaries, all widths, and what strains rounding and clamp."""

from __future__ import annotations

import functools

from convolutions import cases, drawn
from sertool.graph.operators import Conv2d

CASES = cases(Conv2d)
DRAWN = functools.partial(drawn, Conv2d)
