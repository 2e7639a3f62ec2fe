"""Scales and sums at which one formula's integer ends and another's begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.graph import Rounding, ScaleProduct, TensorScale
from sertool.graph.arithmetic import requantize
from sertool.graph.scales import factors, multipliers

_INT32 = 2**31 - 1


def drawn_scales(rng: np.random.Generator) -> tuple[TensorScale, float, TensorScale]:
    """Scales as trained networks have them; the zero points are 0."""
    source, scale = np.float32(np.exp(rng.uniform(-7, 0, 2)))
    # The smaller the factor, the larger the sums of a step, and the farther apart its ends by the two.
    output = np.float32(source * scale / 2 ** rng.uniform(-20, -3))
    return TensorScale(float(source), 0), float(scale), TensorScale(float(output), 0)


def around_ties(source: TensorScale, scale: float, output: TensorScale) -> NDArray[np.int64]:
    """The sums next to each tie between two of the output's 256 codes: int64 (n,), within int32."""
    weight = np.array([scale], np.float32)
    ties = np.arange(-128, 128) + 0.5
    places = [np.rint(ties / factors(source, weight, output, product)) for product in ScaleProduct]
    sums = np.unique(np.concatenate(places).astype(np.int64)[:, np.newaxis] + np.arange(-2, 3))
    return np.asarray(sums[np.abs(sums) < _INT32 - 256])


def between_products(
    source: TensorScale, scale: float, output: TensorScale, rounding: Rounding
) -> NDArray[np.int64]:
    """Those of them at which the two products' multipliers give different steps."""
    sums, weight = around_ties(source, scale, output), np.array([scale], np.float32)
    steps = [
        requantize(sums, *multipliers("boundary", source, weight, output, product), rounding)
        for product in ScaleProduct
    ]
    return np.asarray(sums[np.clip(steps[0], -128, 127) != np.clip(steps[1], -128, 127)])
