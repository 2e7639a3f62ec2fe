"""Pooling as it stands in a .tflite, of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sertool.errors import SertoolError
from sertool.graph.pooling import Pooling
from sertool.tflite.activations import activation_of, fused_clamp
from sertool.tflite.codec import Reading
from sertool.tflite.schema import TensorType
from sertool.tflite.sheet import Sheet
from sertool.tflite.windows import read_window, window_options

Kind = TypeVar("Kind", bound=Pooling)


def write_pooling(layer: Pooling, sheet: Sheet) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Add the output; give what the layer reads, and its options."""
    sheet.output(layer.output)
    return layer.reads, {
        **window_options(layer.window),
        "filter_height": layer.window.size[0],
        "filter_width": layer.window.size[1],
        "fused_activation_function": activation_of(layer),
    }


def read_pooling(kind: type[Kind], reading: Reading) -> Kind:
    """Read a layer of this kind; raise SertoolError for what it cannot express."""
    step, source, output = reading.step, reading.source, reading.output
    source.expect(TensorType.INT8, rank=3)
    _, height, width, channels = source.shape
    low, high = fused_clamp(step, output.quantization())
    size = step.options.get("filter_height", 0), step.options.get("filter_width", 0)
    layer = kind(
        name=reading.name,
        input=reading.reads[0],
        image=(height, width, channels),
        window=read_window(step, size),
        output_quantization=output.quantization(),
        activation_min=low,
        activation_max=high,
    )
    layer.window.check(layer.name, layer.image)
    output.expect(TensorType.INT8, layer.output.shape)
    if source.quantization() != output.quantization():
        raise SertoolError(
            f"the pooled values are to be quantized with {output.quantization()}",
            where=str(step),
            allowed=f"{source.quantization()}, as those that are read",
        )
    return layer
