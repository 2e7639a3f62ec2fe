"""`IntegerGraph`, the waist of the toolchain: a model as plain integers, with nothing of how it was made."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from sertool.graph.quantization import Rounding, ScaleProduct, Width


@dataclass(frozen=True)
class TensorScale:
    """Affine quantization of an int8 tensor: real = scale * (value - zero_point).

    `scale` is rounded to float32, because that is what a .tflite holds and what every multiplier comes from.
    """

    scale: float
    zero_point: int

    def __post_init__(self) -> None:
        with np.errstate(over="ignore"):
            object.__setattr__(self, "scale", float(np.float32(self.scale)))


@dataclass(frozen=True, eq=False)
class FullyConnected:
    """y = clamp(requantize(W (x - input zero point) + bias) + output zero point).

    `weights` int8 (outputs, inputs), codes of `width`'s code set; `weight_scales` float32 (outputs,);
    `bias` int32 (outputs,) at input scale * weight scale; `multiplier` int32 (outputs,) in [2^30, 2^31) and
    `shift` int32 (outputs,), positive to the left: the real factor is multiplier * 2^(shift - 31), as
    TFLite's `QuantizeMultiplier` gives it. `activation_min` and `activation_max` fuse ReLU as a clamp.
    """

    name: str
    input: str
    weights: NDArray[np.int8]
    bias: NDArray[np.int32]
    weight_scales: NDArray[np.float32]
    multiplier: NDArray[np.int32]
    shift: NDArray[np.int32]
    input_quantization: TensorScale
    output_quantization: TensorScale
    width: Width
    activation_min: int = -128
    activation_max: int = 127

    @property
    def inputs(self) -> int:
        """Number of input values."""
        return int(self.weights.shape[1])

    @property
    def outputs(self) -> int:
        """Number of output values."""
        return int(self.weights.shape[0])


@dataclass(frozen=True)
class Softmax:
    """int8 logits to int8 probabilities (scale 1/256, zero point -128), TFLM's fixed-point reference."""

    name: str
    input: str
    size: int
    input_quantization: TensorScale


@dataclass(frozen=True)
class ArgMax:
    """int8 logits to the int32 index of the largest; the first one wins a tie."""

    name: str
    input: str
    size: int


Layer = FullyConnected | Softmax | ArgMax


class Role(enum.Enum):
    """What a tensor is to whoever asks a classifier; the value is the name that sertool gives it."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    LABEL = "label"


@dataclass(frozen=True)
class IntegerGraph:
    """Layers in execution order; each names its own output tensor and the tensor that it reads.

    `input_name` is the int8 feature vector. A classifier ends in three tensors: the logits of the last fully
    connected layer, their softmax and their arg max. A model made elsewhere may lack the last two, and be no
    classifier at all: then `labels` is empty. `scale_product` is None where every runtime derives these
    multipliers, as in all that sertool makes; else how the runtimes multiply that do (see `scales`).
    """

    input_name: str
    input_size: int
    input_quantization: TensorScale
    layers: tuple[Layer, ...]
    labels: tuple[str, ...]
    rounding: Rounding = field(default=Rounding.DOUBLE)
    scale_product: ScaleProduct | None = None

    @property
    def dense(self) -> tuple[FullyConnected, ...]:
        """The fully connected layers, in execution order."""
        return tuple(layer for layer in self.layers if isinstance(layer, FullyConnected))

    @property
    def logits(self) -> FullyConnected:
        """The last fully connected layer: its outputs are a classifier's logits."""
        return self.dense[-1]

    @property
    def roles(self) -> Mapping[Role, str]:
        """The name of the tensor in each role; a role that the model has no tensor for is absent."""
        logits, kinds = self.logits.name, {Softmax: Role.PROBABILITIES, ArgMax: Role.LABEL}
        ends = [layer for layer in self.layers if layer.input == logits and type(layer) in kinds]
        return {Role.LOGITS: logits, **{kinds[type(layer)]: layer.name for layer in ends}}

    @property
    def plan(self) -> tuple[Width, ...]:
        """The width of each fully connected layer, in execution order."""
        return tuple(layer.width for layer in self.dense)


def equal(first: IntegerGraph, second: IntegerGraph) -> bool:
    """Whether two graphs are the same: every name, integer, scale, label and mode."""
    return len(first.layers) == len(second.layers) and all(
        _same(one, other) for one, other in zip(_parts(first), _parts(second), strict=False)
    )


def _parts(graph: IntegerGraph) -> list[object]:
    parts: list[object] = [getattr(graph, item.name) for item in fields(graph) if item.name != "layers"]
    for layer in graph.layers:
        parts += [type(layer), *(getattr(layer, item.name) for item in fields(layer))]
    return parts


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)
