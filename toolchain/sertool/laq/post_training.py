"""Quantization without further training: steps from the weights, biases and ranges from training clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.graph import TensorScale, Width
from sertool.laq.codes import best_steps, codes, dequantize
from sertool.laq.plan import check_plan
from sertool.laq.quantized_model import QuantizedLayer, QuantizedModel
from sertool.training.data import dequantize as input_values
from sertool.training.float_model import DenseLayer, FloatModel

Values = NDArray[np.float32]

#: The least span of an activation's range, so that a layer that is always 0 has a scale too.
SMALLEST_SPAN = 1e-3


#: Steps (outputs,) and int8 codes (outputs, inputs) of a layer at a width.
QuantizeWeights = Callable[[DenseLayer, Width], tuple[NDArray[np.float32], NDArray[np.int8]]]


def quantize_weights(layer: DenseLayer, width: Width) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Return the best step of each channel and the codes that it gives."""
    steps = best_steps(layer.weights, width)
    return steps, codes(layer.weights, steps, width)


def quantize(
    model: FloatModel,
    plan: Sequence[Width],
    features: NDArray[np.int8],
    *,
    weights: QuantizeWeights = quantize_weights,
) -> QuantizedModel:
    """Quantize a model at a plan, layer after layer, calibrated on int8 training `features` (clips, features).

    Each layer sees its predecessors quantized. Its biases are moved so that every output keeps the mean that
    it had in the float model (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
    Correction", section 4.2, with data). `weights` may remember steps and codes that it found before. Raises
    SertoolError for a plan that does not fit the model.
    """
    check_plan(plan, [layer.name for layer in model.layers])
    exact = rounded = input_values(features, model.input)
    layers = []
    for layer, width in zip(model.layers, plan, strict=True):
        wanted = exact @ layer.weights.T + layer.bias
        made, rounded = _quantize_layer(layer, width, weights(layer, width), wanted, rounded)
        layers.append(made)
        exact = np.maximum(wanted, 0) if layer.relu else wanted
    return QuantizedModel(tuple(layers), model.labels, model.input)


def _quantize_layer(
    layer: DenseLayer,
    width: Width,
    weights: tuple[NDArray[np.float32], NDArray[np.int8]],
    wanted: Values,
    inputs: Values,
) -> tuple[QuantizedLayer, Values]:
    steps, integers = weights
    product = inputs @ dequantize(integers, steps).T
    bias = (wanted - product).mean(axis=0, dtype=np.float64).astype(np.float32)
    outputs = product + bias
    if layer.relu:
        outputs = np.maximum(outputs, 0)
    scale = activation_scale(float(outputs.min(initial=0)), float(outputs.max(initial=0)))
    made = QuantizedLayer(layer.name, integers, steps, bias, scale, layer.relu, width)
    return made, round_to(scale, outputs)


def activation_scale(low: float, high: float) -> TensorScale:
    """Return the int8 scale that spans `low` ... `high` (low <= 0 <= high) and holds 0 exactly."""
    span = max(high - low, SMALLEST_SPAN)
    scale = float(np.float32(span / 255))
    return TensorScale(scale, int(np.clip(round(-128 - low / scale), -128, 127)))


def round_to(scale: TensorScale, values: Values) -> Values:
    """Return `values` as an int8 tensor of this scale would hold them."""
    integers = np.clip(np.rint(values / np.float32(scale.scale)) + scale.zero_point, -128, 127)
    return np.asarray((integers - scale.zero_point) * np.float32(scale.scale), np.float32)
