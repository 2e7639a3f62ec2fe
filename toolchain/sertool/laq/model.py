"""The quantized network: integer codes with their real scales, between training and the integer graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph import TensorScale, Width
from sertool.laq.codes import dequantize
from sertool.training.model import pack, unpack


@dataclass(frozen=True, eq=False)
class QuantizedLayer:
    """y = (codes * weight_scales) x + bias, ReLU where `relu`, rounded to `output`.

    `codes` int8 (outputs, inputs) of `width`'s code set, `weight_scales` and `bias` float32 (outputs,).
    """

    name: str
    codes: NDArray[np.int8]
    weight_scales: NDArray[np.float32]
    bias: NDArray[np.float32]
    output: TensorScale
    relu: bool
    width: Width

    @property
    def weights(self) -> NDArray[np.float32]:
        """The weights that the codes stand for, float32 (outputs, inputs)."""
        return dequantize(self.codes, self.weight_scales)

    @property
    def bytes(self) -> int:
        """Bytes of the packed codes, scales and biases."""
        return layer_bytes(self.codes.shape, self.width)


def layer_bytes(shape: tuple[int, ...], width: Width) -> int:
    """Bytes of a layer (outputs, inputs): codes packed row by row, a 4-byte scale and bias for each output."""
    outputs, inputs = shape
    return outputs * (-(-inputs * width.bits // 8) + 8)


@dataclass(frozen=True, eq=False)
class QuantizedModel:
    """Quantized layers in execution order, the classes' names, and the scale of the int8 inputs."""

    layers: tuple[QuantizedLayer, ...]
    labels: tuple[str, ...]
    input: TensorScale

    @property
    def plan(self) -> tuple[Width, ...]:
        """The width of each layer."""
        return tuple(layer.width for layer in self.layers)

    @property
    def bytes(self) -> int:
        """Bytes of packed weights, scales and biases."""
        return sum(layer.bytes for layer in self.layers)


def save(model: QuantizedModel) -> bytes:
    """Return the model as the bytes of an npz file; `load` gives back exactly the same numbers."""
    header = {
        "kind": "quantized model",
        "labels": list(model.labels),
        "input": [model.input.scale, model.input.zero_point],
        "layers": [
            {
                "name": layer.name,
                "output": [layer.output.scale, layer.output.zero_point],
                "relu": layer.relu,
                "width": str(layer.width),
            }
            for layer in model.layers
        ],
    }
    arrays: dict[str, NDArray[Any]] = {}
    for layer in model.layers:
        arrays[f"{layer.name}/codes"] = layer.codes
        arrays[f"{layer.name}/weight_scales"] = layer.weight_scales
        arrays[f"{layer.name}/bias"] = layer.bias
    return pack(header, arrays)


def load(source: bytes | Path) -> QuantizedModel:
    """Read a model from `save`'s bytes or from a file that holds them.

    Raises SertoolError for a missing file and for one that is not a quantized model.
    """
    return unpack(source, "quantized model", _restore)


def _restore(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> QuantizedModel:
    layers = tuple(
        QuantizedLayer(
            name=entry["name"],
            codes=arrays[f"{entry['name']}/codes"],
            weight_scales=arrays[f"{entry['name']}/weight_scales"],
            bias=arrays[f"{entry['name']}/bias"],
            output=TensorScale(*entry["output"]),
            relu=entry["relu"],
            width=Width.parse(entry["width"]),
        )
        for entry in header["layers"]
    )
    return QuantizedModel(layers, tuple(header["labels"]), TensorScale(*header["input"]))
