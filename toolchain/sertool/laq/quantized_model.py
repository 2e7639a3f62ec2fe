"""The quantized network: integer codes with their real scales, between training and the integer graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sertool.array_files import pack, unpack
from sertool.graph import TensorScale, Width
from sertool.graph.weights import check_codes, check_scales
from sertool.laq.codes import dequantize
from sertool.plain_values import Between, Name
from sertool.training.storing import Labels, StoredScale, check_layers, stored_scale


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


@dataclass(frozen=True, eq=False)
class QuantizedModel:
    """Quantized layers in execution order, the classes' names, and the scale of the int8 inputs.

    `temperature` is what logits are divided by before their softmax (`graph.temperature`).
    """

    layers: tuple[QuantizedLayer, ...]
    labels: tuple[str, ...]
    input: TensorScale
    temperature: float = 1.0

    @property
    def plan(self) -> tuple[Width, ...]:
        """The width of each layer."""
        return tuple(layer.width for layer in self.layers)


#: What logits may be divided by.
Temperature = Annotated[float, Between(2.0**-4, 2.0**4)]


@dataclass(frozen=True)
class _LayerHeader:
    name: Name
    output: StoredScale
    relu: bool
    width: str

    def __post_init__(self) -> None:
        Width.parse(self.width)


@dataclass(frozen=True)
class _Header:
    """What an npz file says of a quantized model."""

    KIND: ClassVar[str] = "quantized model"
    FORMAT: ClassVar[int] = 1

    labels: Labels
    input: StoredScale
    layers: tuple[_LayerHeader, ...]
    temperature: Temperature = 1.0


def save(model: QuantizedModel) -> bytes:
    """Return the model as the bytes of an npz file; `load` gives back exactly the same numbers."""
    layers = tuple(
        _LayerHeader(layer.name, stored_scale(layer.output), layer.relu, str(layer.width))
        for layer in model.layers
    )
    arrays: dict[str, NDArray[Any]] = {}
    for layer in model.layers:
        arrays[f"{layer.name}/codes"] = layer.codes
        arrays[f"{layer.name}/weight_scales"] = layer.weight_scales
        arrays[f"{layer.name}/bias"] = layer.bias
    return pack(_Header(model.labels, stored_scale(model.input), layers, model.temperature), arrays)


def load(source: bytes | Path) -> QuantizedModel:
    """Read a model from `save`'s bytes or from a file that holds them.

    Raises SertoolError for a missing file, and for one that is no quantized model or one that cannot be.
    """
    header, arrays = unpack(source, _Header, "run again: sertool quantize")
    check_layers([entry.name for entry in header.layers], header.labels, arrays.source)
    layers: list[QuantizedLayer] = []
    size = None
    for entry in header.layers:
        outputs = len(header.labels) if len(layers) == len(header.layers) - 1 else None
        codes = arrays.take(f"{entry.name}/codes", np.int8, outputs, size)
        width, size = Width.parse(entry.width), len(codes)
        check_codes(entry.name, codes, width)
        scales = arrays.take(f"{entry.name}/weight_scales", np.float32, size)
        bias = arrays.take(f"{entry.name}/bias", np.float32, size)
        check_scales(entry.name, scales, size)
        output = TensorScale(*entry.output)
        layers.append(QuantizedLayer(entry.name, codes, scales, bias, output, entry.relu, width))
    return QuantizedModel(tuple(layers), header.labels, TensorScale(*header.input), header.temperature)
