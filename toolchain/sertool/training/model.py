"""The trained network as plain numpy arrays: what leaves the room of training."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph import TensorScale
from sertool.training.data import dequantize

Model = TypeVar("Model")

_AGAIN = "run the stage that makes it once more"


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


def pack(header: Mapping[str, object], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an npz file's bytes: `header` as JSON beside `arrays`. The same input gives the same bytes."""
    stream = io.BytesIO()
    text = np.frombuffer(json.dumps(header, sort_keys=True).encode(), np.uint8)
    np.savez(stream, header=text, **arrays)
    return stream.getvalue()


def unpack(
    source: bytes | Path, kind: str, restore: Callable[[dict[str, Any], dict[str, NDArray[Any]]], Model]
) -> Model:
    """Read what `pack` wrote with `kind` in its header and let `restore` make the model of header and arrays.

    Raises SertoolError for a missing file and for anything that is not what `pack` wrote.
    """
    where = source if isinstance(source, Path) else None
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise SertoolError(f"cannot read the {kind}: {error.strerror}", where=where, hint=_AGAIN) from error
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        header = json.loads(arrays.pop("header").tobytes())
        if header["kind"] == kind:
            return restore(header, arrays)
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise SertoolError(f"this is no {kind}, or it is damaged", where=where, hint=_AGAIN) from error
    raise SertoolError(f"this is a {header['kind']}, not a {kind}", where=where, hint=_AGAIN)


def save(model: FloatModel) -> bytes:
    """Return the model as the bytes of an npz file; `load` gives back exactly the same numbers."""
    header = {
        "kind": "float model",
        "labels": list(model.labels),
        "input": [model.input.scale, model.input.zero_point],
        "layers": [[layer.name, layer.relu] for layer in model.layers],
    }
    arrays: dict[str, NDArray[Any]] = {}
    for layer in model.layers:
        arrays[f"{layer.name}/weights"] = layer.weights
        arrays[f"{layer.name}/bias"] = layer.bias
    return pack(header, arrays)


def load(source: bytes | Path) -> FloatModel:
    """Read a model from `save`'s bytes or from a file that holds them.

    Raises SertoolError for a missing file and for one that is not a float model.
    """
    return unpack(source, "float model", _restore)


def _restore(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> FloatModel:
    layers = tuple(
        DenseLayer(name, arrays[f"{name}/weights"], arrays[f"{name}/bias"], relu)
        for name, relu in header["layers"]
    )
    return FloatModel(layers, tuple(header["labels"]), TensorScale(*header["input"]))
