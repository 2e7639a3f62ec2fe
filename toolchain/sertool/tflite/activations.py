"""Fused activations: between TFLite's names and the graph's clamps."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.tensors import TensorScale
from sertool.tflite.schema import Activation
from sertool.tflite.view import Step

#: ReLU before NONE: with zero point -128 both clamp alike, and ReLU says more.
_KNOWN = (Activation.RELU, Activation.NONE, Activation.RELU6)


def clamp(activation: Activation, output: TensorScale) -> tuple[int, int]:
    """Give the least and the greatest int8 code that `activation` lets through.

    As TFLite's `CalculateActivationRangeQuantized`. Raises SertoolError for an activation other than NONE, RELU
    and RELU6.
    """
    low, high = -128, 127
    if activation in (Activation.RELU, Activation.RELU6):
        low = output.zero_point
    if activation is Activation.RELU6:
        steps = min(6 / output.scale, 255.0)
        high = min(high, output.zero_point + math.floor(float(np.float32(steps)) + 0.5))
    if activation not in _KNOWN:
        raise SertoolError(
            f"the fused activation {activation.name} is not supported",
            allowed=", ".join(known.name for known in _KNOWN),
        )
    return low, high


class Clamped(Protocol):
    """A layer with a fused activation."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def activation_min(self) -> int:
        """The least int8 code that it gives."""
        ...

    @property
    def activation_max(self) -> int:
        """The greatest int8 code that it gives."""
        ...

    @property
    def output_quantization(self) -> TensorScale:
        """How its output is quantized."""
        ...


def fused_clamp(step: Step, output: TensorScale) -> tuple[int, int]:
    """Give the clamp of the activation that is fused into an operator; refuse an unknown one."""
    try:
        return clamp(Activation(step.options.get("fused_activation_function", 0)), output)
    except ValueError as error:
        raise SertoolError(
            "the fused activation is unknown", where=str(step), allowed="NONE, RELU, RELU6"
        ) from error


def activation_of(layer: Clamped) -> Activation:
    """Find the activation whose clamp is the layer's; raise SertoolError where .tflite has none."""
    wanted = (layer.activation_min, layer.activation_max)
    for activation in _KNOWN:
        if clamp(activation, layer.output_quantization) == wanted:
            return activation
    raise SertoolError(
        f"no TFLite activation clamps to {wanted[0]} ... {wanted[1]}",
        where=f"layer {layer.name!r}",
        allowed=", ".join(
            f"{known.name} ({low} ... {high})"
            for known in _KNOWN
            for low, high in [clamp(known, layer.output_quantization)]
        ),
    )
