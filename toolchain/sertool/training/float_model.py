"""The trained network as plain numpy arrays: what leaves the room of training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sertool.array_files import pack, unpack
from sertool.graph import TensorScale
from sertool.plain_values import Name
from sertool.training.data import dequantize
from sertool.training.storing import Labels, StoredScale, check_layers, stored_scale


@dataclass(frozen=True, eq=False)
class DenseLayer:
    """y = weights x + bias, then max(y, 0) where `relu`; float32 (outputs, inputs) and (outputs,)."""

    name: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    relu: bool

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return int(self.weights.size + self.bias.size)


@dataclass(frozen=True, eq=False)
class FloatModel:
    """Dense layers in execution order, the classes' names, and the scale of the int8 inputs."""

    layers: tuple[DenseLayer, ...]
    labels: tuple[str, ...]
    input: TensorScale

    @property
    def parameters(self) -> int:
        """Number of weights and biases of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes from the inputs to the classes, such as (180, 512, 128, 64, 32, 7)."""
        return (self.layers[0].weights.shape[1], *(len(layer.bias) for layer in self.layers))


def activations(model: FloatModel, features: NDArray[np.int8]) -> list[NDArray[np.float32]]:
    """Return what each layer gives for int8 `features` (clips, features): float32 (clips, outputs) each."""
    values, outputs = dequantize(features, model.input), []
    for layer in model.layers:
        values = values @ layer.weights.T + layer.bias
        if layer.relu:
            values = np.maximum(values, 0)
        outputs.append(values)
    return outputs


def predict(model: FloatModel, features: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the logits, float32 (clips, classes), for int8 `features` (clips, features)."""
    return activations(model, features)[-1]


@dataclass(frozen=True)
class _Header:
    """What an npz file says of a float model; each layer is its name and whether it ends in a ReLU."""

    KIND: ClassVar[str] = "float model"
    FORMAT: ClassVar[int] = 1

    labels: Labels
    input: StoredScale
    layers: tuple[tuple[Name, bool], ...]


def save(model: FloatModel) -> bytes:
    """Return the model as the bytes of an npz file; `load` gives back exactly the same numbers."""
    layers = tuple((layer.name, layer.relu) for layer in model.layers)
    arrays: dict[str, NDArray[Any]] = {}
    for layer in model.layers:
        arrays[f"{layer.name}/weights"] = layer.weights
        arrays[f"{layer.name}/bias"] = layer.bias
    return pack(_Header(model.labels, stored_scale(model.input), layers), arrays)


def load(source: bytes | Path) -> FloatModel:
    """Read a model from `save`'s bytes or from a file that holds them.

    Raises SertoolError for a missing file, and for one that is no float model or one that cannot be.
    """
    header, arrays = unpack(source, _Header, "run again: sertool train")
    check_layers([name for name, _ in header.layers], header.labels, arrays.source)
    layers: list[DenseLayer] = []
    size = None
    for name, relu in header.layers:
        outputs = len(header.labels) if len(layers) == len(header.layers) - 1 else None
        weights = arrays.take(f"{name}/weights", np.float32, outputs, size)
        size = len(weights)
        layers.append(DenseLayer(name, weights, arrays.take(f"{name}/bias", np.float32, size), relu))
    return FloatModel(tuple(layers), header.labels, TensorScale(*header.input))
