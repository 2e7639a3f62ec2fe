"""Temperature: logits over one number, so that their softmax is as often right as it says.

Guo et al. (2017), "On Calibration of Modern Neural Networks", section 4.2. The number goes into scales alone:
the logits' and those of the last weights. Both have few enough bits that every product is exact, so that no
multiplier, shift or logit changes, and no label: only what the softmax makes of the logits.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph
from sertool.graph.layer import Layer
from sertool.graph.operators import Softmax
from sertool.graph.quantization import ScaleProduct
from sertool.graph.scales import multipliers
from sertool.graph.tensors import TensorScale
from sertool.graph.weighted import Weighted

#: Bits of scales and of one over a temperature: together those of a float32.
_SCALE_BITS, _FACTOR_BITS = 16, 8


def temperable(scales: ArrayLike) -> NDArray[np.float32]:
    """Round positive scales to 16 bits, float32 of the same shape: at most 2^-17 of each is lost."""
    return _rounded(scales, _SCALE_BITS).astype(np.float32)


def factor(temperature: float) -> float:
    """Return one over a temperature, rounded to 8 bits: what scales are multiplied by."""
    return float(_rounded(1 / temperature, _FACTOR_BITS))


def tempered(graph: IntegerGraph, temperature: float) -> IntegerGraph:
    """Divide the logits by a temperature: all integers of the graph stay; only probabilities change.

    Raises SertoolError where the last layer's scales have more bits than `temperable` leaves.
    """
    by = factor(temperature)
    (layer,) = (each for each in graph.weighted if each.name == graph.logits.name)
    output = layer.output_quantization
    scales = (layer.weight_scales * np.float32(by)).astype(np.float32)
    hotter = TensorScale(output.scale * by, output.zero_point)
    derived = multipliers(layer.name, layer.input_quantization, scales, hotter, ScaleProduct.DOUBLE)
    exact = np.array_equal(scales.astype(np.float64), layer.weight_scales.astype(np.float64) * by)
    same = [np.array_equal(*pair) for pair in zip(derived, (layer.multiplier, layer.shift), strict=True)]
    if not exact or hotter.scale != output.scale * by or not all(same):
        raise SertoolError(
            f"the temperature {temperature:g} would change the logits",
            where=f"layer {layer.name!r}",
            allowed=f"scales of {_SCALE_BITS} bits, which sertool.laq.integer_graph gives the last layer",
        )

    def warmed(each: Layer) -> Layer:
        if isinstance(each, Weighted) and each is layer:
            return dataclasses.replace(each, weight_scales=scales, output_quantization=hotter)
        return (
            dataclasses.replace(each, input_quantization=hotter)
            if isinstance(each, Softmax) and each.input == layer.name
            else each
        )

    return dataclasses.replace(graph, layers=tuple(map(warmed, graph.layers)))


def _rounded(values: ArrayLike, bits: int) -> NDArray[np.float64]:
    """Round positive values to so many bits, float64 of the same shape."""
    mantissas, exponents = np.frexp(np.asarray(values, np.float64))
    return np.asarray(np.ldexp(np.rint(np.ldexp(mantissas, bits)), exponents - bits))
