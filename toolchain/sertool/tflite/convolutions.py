"""What convolutions of images have in common in a .tflite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sertool.graph.build import integer_layer
from sertool.graph.operators import Conv2d, DepthwiseConv2d
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Reading
from sertool.tflite.schema import TensorType
from sertool.tflite.windows import dilation_options, read_window, window_options

Convolution = TypeVar("Convolution", Conv2d, DepthwiseConv2d)


def convolution_options(layer: Conv2d | DepthwiseConv2d) -> dict[str, Any]:
    """Give the options that both kinds have."""
    return {
        **window_options(layer.window),
        **dilation_options(layer.window),
        "fused_activation_function": activation_of(layer),
    }


def image_of(reading: Reading) -> tuple[int, int, int]:
    """Height, width and channels of what it reads; raises SertoolError unless that is an image of int8."""
    reading.source.expect(TensorType.INT8, rank=3)
    _, height, width, channels = reading.source.shape
    return height, width, channels


def read_convolution(
    kind: type[Convolution], reading: Reading, weights: NDArray[np.int8], said: Mapping[str, Any]
) -> Convolution:
    """Read the layer of `weights` int8 (outputs, height, width, ...) and what `read_weights` said of them.

    Raises SertoolError where the window does not fit the image, or the output has another shape.
    """
    output, image = reading.output, image_of(reading)
    layer = integer_layer(
        kind,
        reading.name,
        *reading.reads,
        weights=weights,
        activation=fused_clamp(reading.step, output.quantization()),
        image=image,
        window=read_window(reading.step, (weights.shape[1], weights.shape[2])),
        **said,
    )
    layer.window.check(layer.name, layer.image)
    output.expect(TensorType.INT8, layer.output.shape)
    return layer
